"""What a load does to the database, and what it counts and reports.

Covers `loaders/load.py` and `loaders/options.py`.
"""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from loaders.load import check, load
from loaders.options import Options
from loaders.report import Report
from store.errors import Unavailable
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


def _titles(loader: Loader) -> set[str]:
    return {item["title"] for item in loader.database["items"].find()}


def test_a_dry_run_writes_nothing(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))
    loader(tmp_path)
    before = loader.snapshot()
    write(tmp_path / "a.md", front("heat: 5"))
    write(tmp_path / "b.md", front("webUrl: https://example.com/b"))

    report = loader(tmp_path, dry_run=True)

    assert (report.inserted, report.updated) == (1, 1)
    assert loader.snapshot() == before


def test_prune_deletes_items_whose_files_are_gone(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / "one" / f"{name}.md", f"---\ntitle: {name}\n---\n")
    write(tmp_path / "two" / "d.md", "---\ntitle: d\n---\n")
    loader(tmp_path / "one")
    loader(tmp_path / "two")
    (tmp_path / "one" / "a.md").unlink()

    assert loader(tmp_path / "one").pruned == 0
    assert loader(tmp_path / "one", prune=True).pruned == 1
    assert _titles(loader) == {"b", "c", "d"}


def test_prune_refuses_over_half_unless_forced(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.md", f"---\ntitle: {name}\n---\n")
    loader(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.md").unlink()

    report = loader(tmp_path, prune=True)

    assert (report.pruned, report.refused) == (0, True)
    assert loader.notes == [
        "nothing pruned: 2 of 3 files are gone, more than half; add --force to prune them"
    ]
    assert _titles(loader) == {"a", "b", "c"}
    assert loader(tmp_path, prune=True, force=True).pruned == 2
    assert _titles(loader) == {"c"}


def test_one_changed_file_keeps_its_id_and_path(loader: Loader, tmp_path: Path) -> None:
    path = write(tmp_path / "site" / "posts" / "a.md", front(""))
    loader(tmp_path / "site")
    before = loader.item()
    write(path, front("heat: 5"))

    report = loader(path)

    assert report.updated == 1
    after = loader.item()
    assert (after["_id"], after["path"]) == (before["_id"], "posts/a.md")


def test_a_database_without_authors_gets_them_with_the_next_load(
    loader: Loader, tmp_path: Path
) -> None:
    write(tmp_path / "a.md", front("authors: [Ada Moor, Li Wen]"))
    write(tmp_path / "b.md", front("webUrl: https://example.com/b"))
    loader(tmp_path)
    fresh = loader.snapshot()
    # As an earlier version left it: its items have other contents, and its files other digests.
    loader.database["items"].update_many(
        {},
        {
            "$unset": {"authors": 1},
            "$pull": {"labels": {"$regex": "^author:"}},
            "$set": {"source.content": "earlier"},
        },
    )
    loader.database["files"].update_many({}, {"$set": {"digest": "earlier"}})
    loader.database["authors"].drop()

    report = loader(tmp_path)

    assert (report.updated, report.unchanged) == (2, 0)
    assert [author["_id"] for author in fresh["authors"]] == ["author:ada-moor", "author:li-wen"]
    assert loader.snapshot() == fresh


def test_a_change_without_effect_keeps_the_version(loader: Loader, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", front(""))
    loader(tmp_path)
    write(path, front("# a comment"))

    report = loader(tmp_path)

    assert (report.unchanged, loader.version) == (1, 1)


def test_links_are_followed_but_not_in_circles(loader: Loader, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    write(elsewhere / "a.md", "---\ntitle: a\n---\n")
    for name in "bcd":
        write(root / name / f"{name}.md", f"---\ntitle: {name}\n---\n")
        for other in "bcd".replace(name, ""):
            (root / name / other).symlink_to(root / other)
    (root / "link").symlink_to(elsewhere)

    report = loader(root)

    assert (report.inserted, report.skipped) == (4, 6)
    assert _titles(loader) == {"a", "b", "c", "d"}


def test_a_dry_run_counts_what_it_would_prune(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.md", f"---\ntitle: {name}\n---\n")
    loader(tmp_path)
    (tmp_path / "a.md").unlink()

    assert loader(tmp_path, prune=True, dry_run=True).pruned == 1
    assert _titles(loader) == {"a", "b", "c"}


def test_nothing_is_pruned_when_something_cannot_be_read(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.md", f"---\ntitle: {name}\n---\n")
    loader(tmp_path)
    (tmp_path / "a.md").unlink()
    (tmp_path / "link").symlink_to(tmp_path)

    report = loader(tmp_path, prune=True)

    assert (report.pruned, report.failed, report.refused) == (0, 1, False)
    assert loader.notes == ["nothing pruned: a part of the folder could not be read"]


def test_a_file_that_breaks_keeps_its_items_and_is_read_again(
    loader: Loader, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.md", "---\ntitle: A\n---\n")
    loader(tmp_path)
    write(path, "---\ntitle: [\n---\n")

    for _ in range(2):
        assert loader(tmp_path, prune=True).failed == 1
        assert _titles(loader) == {"A"}
    write(path, "---\ntitle: B\n---\n")
    assert loader(tmp_path).updated == 1


def test_what_supersedes_what_is_reported(loader: Loader, tmp_path: Path) -> None:
    url = "webUrl: https://example.com/a"
    write(tmp_path / "a.md", f"---\ntitle: A\n{url}\n---\n")
    write(tmp_path / "b.md", f"---\ntitle: B\n{url}\n---\n")
    entry = '{"title": "C", "webUrl": "https://example.com/c"}'
    write(tmp_path / "c.json", f"[{entry}, {entry}]")

    assert loader(tmp_path).superseded == 2
    assert loader.notes == [
        "c.json#1: superseded in the same file",
        f"{tmp_path}/a.md: superseded by {tmp_path}/b.md",
    ]


def test_items_from_standard_input_supersede_older_ones(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b'{"title": "A", "webUrl": "https://example.com/a"}\n'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(line * 2)))

    report = loader("-")

    assert (report.files, report.inserted, report.superseded) == (1, 1, 1)


def test_a_path_that_does_not_exist_counts_as_a_failed_file(loader: Loader, tmp_path: Path) -> None:
    report = loader(tmp_path / "gone.md")

    assert (report.files, report.failed) == (1, 1)
    assert [diagnostic.code for diagnostic in loader.diagnostics] == ["not-found"]


def test_progress_is_reported_while_unchanged_files_are_compared(
    loader: Loader, tmp_path: Path
) -> None:
    for number in range(1100):
        write(tmp_path / f"{number}.md", "---\ntitle: A\n---\n")
    loader(tmp_path, jobs=2)
    seen: list[int] = []

    report = loader(tmp_path, on_progress=lambda report: seen.append(report.files))

    assert (report.unchanged, seen) == (1100, [500, 1000])
    stopped = loader(tmp_path, stopped=lambda: True)
    assert stopped.files == 0


def test_a_stopped_load_ends_among_unchanged_files(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.md", "---\ntitle: A\n---\n")
    loader(tmp_path)
    answers = iter([False, False, True, True])

    report = loader(tmp_path, prune=True, stopped=lambda: next(answers))

    assert (report.files, report.unchanged) == (2, 2)


def test_a_check_needs_no_database(tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))
    write(tmp_path / "b.txt", "no front matter")

    report = check([str(tmp_path)], Options(jobs=1))

    assert report == Report(files=2, inserted=1, failed=1, seconds=report.seconds)


def test_a_server_that_cannot_be_reached_is_an_error(tmp_path: Path) -> None:
    uri = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200"

    with pytest.raises(Unavailable):
        load([str(tmp_path)], uri=uri, database="none", options=Options(retry_for_s=0))
