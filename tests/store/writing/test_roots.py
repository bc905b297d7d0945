"""Which roots were loaded, from the manifest and from what loads recorded."""

from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.database import Database

from store.writing.roots import MAX_FAILURES, LoadedRoot, Roots


@pytest.fixture
def roots(database: Database[Any]) -> Roots:
    return Roots(database)


def _add(database: Database[Any], *files: str, ids: Sequence[str] = ("item:a",)) -> None:
    database["files"].insert_many([{"_id": file, "ids": [*ids]} for file in files])


def test_the_roots_above_a_path_come_from_the_outermost(
    database: Database[Any], roots: Roots
) -> None:
    _add(database, "///a.md", "/x/y//b.md")
    assert roots.above("/x/y/z/c.md") == ["/", "/x/y"]
    assert roots.above("/x/c.md") == ["/"]


def test_the_roots_below_are_those_in_folders_of_a_root(
    database: Database[Any], roots: Roots
) -> None:
    # In the order of ids: before the root's own files, between them, and after them.
    inside = ["/x/!y", "/x/-", "/x/0", "/x/z", "/x/z/z"]
    outside = ["/", "/w", "/x", "/x-y", "/x0", "/y"]
    _add(database, *(f"{root.rstrip('/')}//a.md" if root != "/" else "///a.md"
                     for root in [*inside, *outside]), "/x//~.md")  # fmt: skip
    roots.record("/x/failed", 1, [])
    assert roots.below("/x") == sorted([*inside, "/x/failed"])
    assert roots.below("/") == sorted([*inside, *outside[1:], "/x/failed"])
    assert roots.below("/x/z/z") == []


def test_all_roots_are_counted_with_what_failed(database: Database[Any], roots: Roots) -> None:
    _add(database, "/x//a.md", "/x//b.md", ids=["item:a", "item:b"])
    _add(database, "/y//a.md")
    _add(database, "-//topic:a", ids=[])
    roots.record("/x", 30, [f"/x/{number}.md" for number in range(30)])
    roots.record("/z", 0, [])
    x, y, z = roots.all()
    assert (x.root, x.files, x.items, x.failed) == ("/x", 2, 4, 30)
    assert x.failures == [f"/x/{number}.md" for number in range(MAX_FAILURES)]
    assert x.loaded
    assert y == LoadedRoot("/y", 1, 1)
    assert (z.root, z.files, z.items) == ("/z", 0, 0)


def test_a_root_without_files_is_loaded_until_it_is_forgotten(roots: Roots) -> None:
    roots.record("/x", 0, [])
    assert roots.is_loaded("/x")
    roots.forget("/x")
    assert not roots.is_loaded("/x")
