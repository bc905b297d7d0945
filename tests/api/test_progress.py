"""How a load shows its progress, on a terminal and elsewhere."""

import sys
import time
from pathlib import Path

import pytest

from api.progress import Progress
from loaders.report import Report
from tests.api.conftest import FakeClock


def test_without_a_terminal_a_line_is_printed_every_ten_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    monkeypatch.setattr(time, "monotonic", clock)
    with Progress(["news"]) as progress:
        for files in (50, 100, 150):
            clock.now += 6
            progress.update(Report(files=files))
        progress.line("a problem")
    assert capsys.readouterr().err.splitlines() == ["100 files so far, 8 files/s", "a problem"]


def test_on_a_terminal_lines_stay_above_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with Progress([str(tmp_path)]) as progress:
        progress.line("a problem [in brackets]")
        progress.update(Report(files=1))
        deadline = time.monotonic() + 60
        while progress._total is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        progress.update(Report(files=1))
    assert "a problem [in brackets]" in capsys.readouterr().err
