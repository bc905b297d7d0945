"""Bad inputs yield one diagnostic each, quickly, and do not affect other files.

Covers `loaders/diagnostics.py` and `loaders/validation_messages.py`.
"""

import os
import time
from pathlib import Path

import pytest

from loaders.load import check
from loaders.options import Options
from tests.loaders.bad_inputs import BAD_INPUTS, Bad, front, table
from tests.loaders.conftest import Loader

_DESCRIPTIONS = [bad.description for bad in BAD_INPUTS]


def _made(bad: Bad, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    path = folder / bad.name
    if callable(bad.make):
        bad.make(path)
    else:
        path.write_bytes(bad.make if isinstance(bad.make, bytes) else bad.make.encode())


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=_DESCRIPTIONS)
def test_each_bad_input_yields_one_diagnostic(
    bad: Bad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "cannot be read: Permission" in bad.diagnostic and os.geteuid() == 0:
        pytest.skip("root can read everything")
    _made(bad, tmp_path, monkeypatch)
    printed: list[str] = []
    started = time.process_time()

    report = check(
        [str(tmp_path)],
        Options(jobs=1, on_diagnostic=lambda bad: printed.append(str(bad))),
    )

    assert printed == [f"{tmp_path}/{bad.name}:{bad.diagnostic}"]
    assert (report.failed, report.warnings) == ((0, 1) if bad.is_warning else (1, 0))
    assert time.process_time() - started < 2


def test_bad_inputs_do_not_keep_other_files_from_loading(
    loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, bad in enumerate(BAD_INPUTS):
        folder = tmp_path / f"{number:03}"
        folder.mkdir()
        _made(bad, folder, monkeypatch)
        (folder / "good.md").write_text(front(f"webUrl: https://example.com/{number}"))

    report = loader(tmp_path, jobs=2)

    good = loader.database["items"].count_documents({"webUrl": {"$exists": True}})
    assert good == len(BAD_INPUTS)
    assert report.warnings == sum(bad.is_warning for bad in BAD_INPUTS)
    assert len(loader.diagnostics) == len(BAD_INPUTS) - (os.geteuid() == 0)
    assert len({diagnostic.path for diagnostic in loader.diagnostics}) == len(loader.diagnostics)
    assert report.failed == len(loader.diagnostics) - report.warnings


def test_the_guide_shows_the_table_of_bad_inputs() -> None:
    manual = Path(__file__).parents[2] / "docs" / "loading.md"

    assert table() in manual.read_text(encoding="utf-8"), "run `python -m tests.loaders.bad_inputs`"


def test_the_guide_explains_every_code() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")

    for bad in BAD_INPUTS:
        code = bad.diagnostic.rpartition("[")[2].rstrip("]")
        assert f"| `{code}` |" in manual
