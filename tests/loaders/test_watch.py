"""Loading again what changes, in this process."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import pytest

from loaders.diagnostics import Diagnostic
from loaders.load import load_into
from loaders.options import Options
from loaders.report import Report
from loaders.watch import watch
from store.writing.batch import Outcome
from store.writing.candidates import FileChange
from store.writing.session import Session, open_session
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader
from tests.loaders.conftest import write_at_once as write


def _watched(
    loader: Loader,
    root: Path,
    *steps: Callable[[], object],
    is_done: Callable[[], bool] | None = None,
    prune: bool = False,
    on_diagnostic: Callable[[Diagnostic], None] = lambda _: None,
) -> list[Report]:
    """Return the reports of the first load and of the loads after each step.

    A step that may be seen in several parts is the last one, and `is_done` tells its end.
    """
    stop = threading.Event()
    reports: Queue[Report] = Queue()
    options = Options(jobs=1, prune=prune, force=prune, on_diagnostic=on_diagnostic)

    def collect() -> None:
        uri, database = loader.uri, loader.database.name
        for report in watch([str(root)], uri=uri, database=database, options=options, stop=stop):
            reports.put(report)

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        seen = [reports.get(timeout=60)]
        for step in steps:
            step()
            seen.append(reports.get(timeout=60))
        while is_done and not is_done():
            seen.append(reports.get(timeout=60))
    finally:
        stop.set()
        thread.join(timeout=60)
    while is_done and not reports.empty():
        seen.append(reports.get())
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
        lambda: write(tmp_path / "b.md", front("published: x")),
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


def test_a_burst_of_changes_is_written_in_batches(
    loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = 600
    batches = []
    apply = Session.apply

    def counted(session: Session, changes: Sequence[FileChange]) -> Outcome:
        batches.append(len(changes))
        return apply(session, changes)

    monkeypatch.setattr(Session, "apply", counted)
    write(tmp_path / "0.md", front(""))

    def rewrite() -> None:
        for number in range(files):
            write(tmp_path / f"{number}.md", front("heat: 1"))

    def is_done() -> bool:
        return loader.database["items"].count_documents({"heat": 1}) == files

    reports = _watched(loader, tmp_path, rewrite, is_done=is_done)

    assert len(batches) < 20, batches
    assert sum(report.failed for report in reports) == 0


def test_the_errors_of_an_earlier_load_are_not_repeated(loader: Loader, tmp_path: Path) -> None:
    root = tmp_path / "site"
    for name in ("a.md", "b.md", "c.md", "sub/d.md"):
        write(root / name, front(""))
    broken = write(root / "broken.md", front("published: x"))
    errors: list[Diagnostic] = []

    reports = _watched(
        loader,
        root,
        (root / "a.md").unlink,
        lambda: (root / "sub").rename(tmp_path / "away"),
        lambda: write(broken, front("published: x\ndraft: z")),
        lambda: (tmp_path / "away").rename(root / "sub"),
        prune=True,
        on_diagnostic=errors.append,
    )

    assert [report.pruned for report in reports] == [0, 1, 1, 0, 0]
    assert reports[-1].inserted == 1
    assert [error.field for error in errors] == ["published", "published", "draft", "draft"]


def test_a_path_that_vanishes_is_no_failure_of_a_watch(loader: Loader, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.md")
    with open_session(loader.uri, loader.database.name) as session:
        assert load_into(session, [gone], Options(jobs=1), may_vanish=True).failed == 0
        assert load_into(session, [gone], Options(jobs=1)).failed == 1


def test_a_changed_site_file_loads_what_it_touches(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "newsgraph.yaml", "fields: {price: String}")
    write(tmp_path / "a.md", front("price: 5"))
    write(tmp_path / "b.md", front("webUrl: https://example.com/b"))

    _, changed = _watched(
        loader,
        tmp_path,
        lambda: write(tmp_path / "newsgraph.yaml", "fields: {price: Int}"),
    )

    assert (changed.updated, changed.unchanged) == (1, 1)


def test_a_changed_list_of_authors_loads_what_names_them(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "authors.yml", "ada: {name: Ada Moor}")
    write(tmp_path / "a.md", front("authors: ada"))
    write(tmp_path / "b.md", front("webUrl: https://example.com/b"))

    _, changed = _watched(
        loader, tmp_path, lambda: write(tmp_path / "authors.yml", "ada: {name: Ada Marsh}")
    )

    assert (changed.updated, changed.unchanged) == (1, 1)


def test_items_are_published_at_their_time_while_nothing_changes(
    loader: Loader, tmp_path: Path
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    write(tmp_path / "a.md", front(f"publishedDateTime: {soon.isoformat()}"))
    stop = threading.Event()
    watching = watch(
        [str(tmp_path)],
        uri=loader.uri,
        database=loader.database.name,
        options=Options(jobs=1),
        stop=stop,
    )
    next(watching)
    assert not loader.item(path="a.md")["published"] or datetime.now(UTC) >= soon
    thread = threading.Thread(target=lambda: [*watching])
    thread.start()
    while not loader.item(path="a.md")["published"] and datetime.now(UTC) < soon + timedelta(
        seconds=60
    ):
        time.sleep(0.05)
    stop.set()
    thread.join()
    assert loader.item(path="a.md")["published"]
    assert datetime.now(UTC) >= soon
