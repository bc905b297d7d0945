"""Roots in each other: a file belongs to one of them, whichever is loaded first.

Covers `root_changes` too.
"""

from pathlib import Path

import pytest

from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("a", "posts/b", "posts/2020/c", "posts-old/d"):
        write(tmp_path / "site" / f"{name}.md", front(f"webUrl: https://a.example/{name}"))
        write(tmp_path / "site" / f"{name}-x.md", front(""))
    return tmp_path / "site"


@pytest.mark.parametrize(
    "loads",
    [
        [["", "posts"]],
        [[""], ["posts"]],
        [["posts"], [""]],
        [["posts/2020"], ["posts"], [""]],
        [["posts/2020", "posts-old"], ["posts/b.md"], ["", "posts-old"]],
    ],
)
def test_the_end_is_that_of_a_load_of_the_outermost(
    loader: Loader, site: Path, loads: list[list[str]]
) -> None:
    for paths in loads:
        assert loader(*(site / path for path in paths)).failed == 0
    after = loader.snapshot()
    for name in after:
        loader.database[name].delete_many({})
    loader(site)

    assert after == loader.snapshot()
    assert len(after["items"]) == 8
    assert after["superseded"] == []


def test_what_became_of_roots_is_reported(loader: Loader, site: Path) -> None:
    first = loader(site / "posts")
    again = loader(site / "posts")
    outer = loader(site)
    part = loader(site / "posts")

    assert [[*root.lines()] for root in first.roots] == [[f"new root: {site}/posts (4 files)"]]
    assert again.roots == []
    assert [[*root.lines()] for root in outer.roots] == [
        [
            f"new root: {site} (8 files)",
            f"{site}/posts is no longer a root of its own: it belongs to {site}",
        ]
    ]
    assert (outer.superseded, outer.pruned, loader.notes) == (0, 0, [])
    assert [[*root.lines()] for root in part.roots] == [
        [f"{site}/posts belongs to the root {site}"]
    ]
    assert (part.files, part.unchanged) == (4, 4)


def test_a_file_that_the_outer_root_cannot_load_stays_until_it_is_mended_or_gone(
    loader: Loader, site: Path
) -> None:
    loader(site / "posts")
    broken = write(site / "posts" / "b.md", "---\ntitle: [\n---\n")

    assert loader(site).failed == 1
    assert loader.item(webUrl="https://a.example/posts/b")["source"]["file"].startswith(
        f"{site}/posts//"
    )

    broken.unlink()
    (report,) = loader(site, prune=True).roots
    assert report.taken_over == [f"{site}/posts"]
    assert loader.database["items"].count_documents({}) == 7


def test_pruning_a_part_of_a_root_leaves_the_rest(loader: Loader, site: Path) -> None:
    loader(site)
    (site / "a.md").unlink()
    (site / "posts" / "b.md").unlink()

    assert loader(site / "posts", prune=True).pruned == 1
    assert loader(site, prune=True).pruned == 1
