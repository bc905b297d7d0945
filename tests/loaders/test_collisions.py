"""Items without a URL: what keeps those of two roots apart, and what is said if nothing does."""

from pathlib import Path

import pytest

from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write

POST = "_posts/2025-01-01-hello.md"


def _loaded(loader: Loader, *roots: Path, text: str = "") -> int:
    for root in roots:
        write(root / POST, front(text))
    loader(*roots)
    return loader.database["items"].count_documents({})


def test_two_roots_with_the_same_paths_have_items_of_their_own(
    loader: Loader, tmp_path: Path
) -> None:
    assert _loaded(loader, tmp_path / "a", tmp_path / "b") == 2
    assert (loader.diagnostics, loader.notes) == ([], [])


def test_an_id_stays_when_the_folder_above_the_root_changes(loader: Loader, tmp_path: Path) -> None:
    _loaded(loader, tmp_path / "one" / "blog")
    id_ = loader.item()["_id"]
    (tmp_path / "one").rename(tmp_path / "other")

    loader(tmp_path / "other" / "blog")

    assert loader.item(_id=id_)
    assert loader.diagnostics == []


def test_two_roots_of_one_name_collide_with_a_warning(loader: Loader, tmp_path: Path) -> None:
    roots = [tmp_path / "a" / "blog", tmp_path / "b" / "blog"]

    assert _loaded(loader, *roots) == 1

    (diagnostic,) = loader.diagnostics
    assert str(diagnostic) == (
        f"{roots[0]}/{POST}:1:1: warning: webUrl: is missing, and the item has the id of that in "
        f"{roots[1]}/{POST}, which takes its place; write a webUrl, or a url into the "
        "newsgraph.yaml of each root [same-id]"
    )


@pytest.mark.parametrize(
    "site", ["url: https://{}.example", "provider: {{name: X, domain: {}.example}}"]
)
def test_the_domain_of_a_site_file_keeps_roots_of_one_name_apart(
    loader: Loader, tmp_path: Path, site: str
) -> None:
    roots = [tmp_path / "a" / "blog", tmp_path / "b" / "blog"]
    for root in roots:
        write(root / "newsgraph.yaml", f"{site.format(root.parent.name)}\n")

    assert _loaded(loader, *roots) == 2
    assert loader.diagnostics == []


def test_two_files_with_one_url_are_one_item(loader: Loader, tmp_path: Path) -> None:
    roots = [tmp_path / "a" / "blog", tmp_path / "b" / "blog"]

    assert _loaded(loader, *roots, text="webUrl: https://a.example/1") == 1
    assert loader.diagnostics == []
    assert len(loader.notes) == 1
