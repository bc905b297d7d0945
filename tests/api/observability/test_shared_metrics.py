"""The folder that processes share; tests/api/test_supervisor.py has its use, and `processes`."""

import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from api.observability.shared_metrics import shared_metrics


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_exists_for_as_long_as_the_server(temporary: Path) -> None:
    with shared_metrics():
        [folder] = temporary.iterdir()
        assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(folder)
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert not folder.exists()


def test_folders_of_killed_servers_are_removed_and_those_in_use_stay(temporary: Path) -> None:
    abandoned, used = (temporary / f"newsgraph-metrics-{name}" for name in ("abandoned", "used"))
    for folder in (abandoned, used):
        folder.mkdir()
        (folder / "counter_1.db").touch()
        (folder / "in-use").touch()
    with (used / "in-use").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with shared_metrics():
            assert not abandoned.exists()
            assert used.exists()


def test_without_a_temporary_folder_there_is_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with shared_metrics():
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    [message] = caplog.messages
    assert "no temporary folder can be written" in message
