"""What cannot be read of when, and to whom, an item may be shown never makes it public.

Covers `AUDIENCE` in `store/fields.py` and `loaders/unfit.py` from the file to the store.
"""

from pathlib import Path

import pytest

from tests.loaders.conftest import Loader, write

AHEAD = "2199-01-02T09:00:00Z"
UNREADABLE = [
    "publishedDateTime: 2199-13-02",
    "date: 02/01/2199 09:00",
    "pubDate: tomorrow",
    "publishDate: [2199-01-02]",
    "published: 2199-13-02",
    "unpublishDateTime: soon",
    "expiryDate: 2020-02-30",
    "published: nope",
    "publish: later",
    "draft: yes please",
    "removed: {by: Ada}",
]


def _public(loader: Loader) -> int:
    return loader.database["items"].count_documents({"published": True})


@pytest.mark.parametrize("line", UNREADABLE)
def test_what_cannot_be_read_keeps_a_new_item_from_everybody(
    loader: Loader, tmp_path: Path, line: str
) -> None:
    # The date in the name of a file is not taken in place of one that it spells wrong.
    write(tmp_path / "2020-01-02-a.md", f"---\ntitle: A\n{line}\n---\n")
    report = loader(tmp_path)

    assert (report.failed, report.warnings, report.inserted) == (1, 0, 0)
    (found,) = loader.diagnostics
    assert (found.line, found.field.partition("[")[0]) == (3, line.partition(":")[0])
    assert loader.database["items"].count_documents({}) == 0


@pytest.mark.parametrize("line", UNREADABLE)
def test_a_typo_changes_nothing_of_an_item_that_was_loaded(
    loader: Loader, tmp_path: Path, line: str
) -> None:
    embargo = write(tmp_path / "a.md", f"---\ntitle: A\npublishedDateTime: {AHEAD}\n---\n")
    public = write(tmp_path / "b.md", "---\ntitle: B\npublishedDateTime: 2020-01-02\n---\n")
    loader(tmp_path)
    before = loader.snapshot()
    for path in (embargo, public):
        write(path, f"---\ntitle: Changed\n{line}\n---\n")

    assert loader(tmp_path).failed == 2
    assert loader.snapshot() == before
    assert (_public(loader), loader.item(title="B")["published"]) == (1, True)
