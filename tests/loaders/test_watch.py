"""Loading again what changes, in this process."""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Queue

from loaders.options import Options
from loaders.report import Report
from loaders.watch import watch
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


def _watched(
    loader: Loader, root: Path, *steps: Callable[[], object], prune: bool = False
) -> list[Report]:
    """Return the reports of the first load and of the loads after each step."""
    stop = threading.Event()
    reports: Queue[Report] = Queue()
    options = Options(jobs=1, prune=prune, force=prune)

    def collect() -> None:
        uri, database = loader.uri, loader.database.name
        for report in watch([str(root)], uri=uri, database=database, options=options, stop=stop):
            reports.put(report)

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        seen = [reports.get(timeout=30)]
        for step in steps:
            step()
            seen.append(reports.get(timeout=30))
    finally:
        stop.set()
        thread.join(timeout=30)
    assert reports.empty()
    return seen


def test_new_changed_and_broken_files_are_loaded_alone(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))
    write(tmp_path / "other.md", front(""))

    first, changed, new, broken = _watched(
        loader,
        tmp_path,
        lambda: write(tmp_path / "a.md", front("heat: 5")),
        lambda: write(tmp_path / "b.md", front("")),
        lambda: write(tmp_path / "b.md", front("heat: x")),
    )

    assert (first.files, first.inserted) == (2, 2)
    assert (changed.files, changed.updated) == (1, 1)
    assert (new.files, new.inserted) == (1, 1)
    assert (broken.files, broken.failed) == (1, 1)


def test_files_that_are_gone_and_new_folders_compare_everything(
    loader: Loader, tmp_path: Path
) -> None:
    root = tmp_path / "site"
    write(root / "a.md", front(""))
    write(tmp_path / "elsewhere" / "b.md", front(""))

    _, gone, moved = _watched(
        loader,
        root,
        (root / "a.md").unlink,
        lambda: (tmp_path / "elsewhere").rename(root / "folder"),
        prune=True,
    )

    assert gone.pruned == 1
    assert moved.inserted == 1


def test_changes_of_hidden_and_other_files_are_not_reported(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))

    def several() -> None:
        write(tmp_path / ".a.md.swp", "x")
        write(tmp_path / ".hidden.md", front(""))
        write(tmp_path / "picture.png", "x")
        write(tmp_path / "a.md", front("# the same item"))
        write(tmp_path / "b.md", front(""))

    _, report = _watched(loader, tmp_path, several)

    assert report.inserted == 1
