"""Site files of several roots, and what a changed one loads again."""

from pathlib import Path
from typing import Any

import pytest

from loaders.forgetting import forget
from loaders.load import check
from loaders.options import Options
from store.site_documents import fields_by_root
from store.writing.session import open_session
from tests.loaders.conftest import Loader, write

PRICE = "fields: {price: {type: String, filter: true, description: What it costs.}}"


def _blog(root: Path, site: str) -> None:
    write(root / "newsgraph.yaml", site)
    write(root / "a.md", "---\ntitle: A\nprice: 3\n---\n")
    write(root / "b.md", "---\ntitle: B\nlevels: [one, two]\n---\n")
    write(root / "c.md", "---\ntitle: C\n---\n")


def _sites(loader: Loader) -> dict[str, list[str]]:
    stored: dict[str, Any] = loader.database["meta"].find_one({"_id": "corpus"}) or {}
    by_root = fields_by_root(stored.get("sites", ()))
    return {Path(root).name: [field.name for field in by_root[root]] for root in by_root}


def _site_version(loader: Loader) -> int:
    return int((loader.database["meta"].find_one({"_id": "corpus"}) or {}).get("siteVersion", 0))


@pytest.mark.parametrize(
    ("change", "updated"),
    [
        (f"# nothing\n{PRICE}", 0),
        ("fields: {price: {type: String, filter: true, description: Other words.}}", 0),
        ("fields: {price: {type: String, filter: true, audience: editor}}", 0),
        ("fields: {price: String}", 1),
        ("fields: {cost: {type: Int, key: price}}", 1),
        (f"names: {{topics: levels}}\n{PRICE}", 1),
        ("fields: {levels: [String]}", 2),
        (f"locale: en\n{PRICE}", 3),
        ("", 1),
    ],
)
def test_a_changed_site_file_loads_what_it_touches(
    loader: Loader, tmp_path: Path, change: str, updated: int
) -> None:
    _blog(tmp_path / "blog", PRICE)
    loader(tmp_path / "blog")
    write(tmp_path / "blog" / "newsgraph.yaml", change)

    report = loader(tmp_path / "blog")

    assert (report.inserted, report.updated) == (0, updated)
    assert report.unchanged == 3 - updated
    # The result is that of loading everything for the first time.
    changed = loader.snapshot()
    loader.database.client.drop_database(loader.database.name)
    loader(tmp_path / "blog")
    assert loader.snapshot() == changed


def test_only_a_change_of_the_site_fields_counts_as_one(loader: Loader, tmp_path: Path) -> None:
    _blog(tmp_path / "blog", PRICE)
    loader(tmp_path / "blog")
    assert (loader.version, _site_version(loader)) == (1, 1)
    assert _sites(loader) == {"blog": ["price"]}

    loader(tmp_path / "blog")
    assert (loader.version, _site_version(loader)) == (1, 1)

    write(tmp_path / "blog" / "d.md", "---\ntitle: D\n---\n")
    loader(tmp_path / "blog")
    assert (loader.version, _site_version(loader)) == (2, 1)

    write(tmp_path / "blog" / "newsgraph.yaml", PRICE.replace("What", "All"))
    loader(tmp_path / "blog", dry_run=True)
    assert (loader.version, _site_version(loader)) == (2, 1)
    loader(tmp_path / "blog" / "a.md")  # a file of the root is enough
    assert (loader.version, _site_version(loader)) == (3, 3)

    (tmp_path / "blog" / "newsgraph.yaml").unlink()
    loader(tmp_path / "blog")
    assert (loader.version, _site_version(loader)) == (4, 4)
    assert _sites(loader) == {}


def test_nothing_of_a_root_is_loaded_by_a_wrong_site_file(loader: Loader, tmp_path: Path) -> None:
    _blog(tmp_path / "blog", "fields: {price: Strin}")
    write(tmp_path / "other" / "a.md", "---\ntitle: O\n---\n")

    report = loader(tmp_path / "blog", tmp_path / "other", prune=True, force=True)

    assert (report.files, report.failed, report.inserted) == (2, 1, 1)
    (diagnostic,) = loader.diagnostics
    assert str(diagnostic).startswith(
        f"{tmp_path}/blog/newsgraph.yaml:1:17: error: fields.price.type: 'Strin' is not a type"
    )
    assert loader.item()["title"] == "O"


def test_roots_have_to_agree(loader: Loader, tmp_path: Path) -> None:
    _blog(tmp_path / "one", PRICE)
    _blog(tmp_path / "two", "fields:\n  price: Int\n")
    loader(tmp_path / "one")

    report = loader(tmp_path / "two")

    assert (report.failed, report.inserted) == (1, 0)
    (diagnostic,) = loader.diagnostics
    assert str(diagnostic) == (
        f"{tmp_path}/two/newsgraph.yaml:2:10: error: fields.price: has another type in "
        f"{tmp_path}/one/newsgraph.yaml; fields of one name must agree [conflict]"
    )
    assert _sites(loader) == {"one": ["price"]}

    write(
        tmp_path / "two" / "newsgraph.yaml", "fields: {price: {type: String, filter: true}, n: Int}"
    )
    assert loader(tmp_path / "two").failed == 0
    assert _sites(loader) == {"one": ["price"], "two": ["price", "n"]}


def test_roots_that_are_checked_together_have_to_agree_too(tmp_path: Path) -> None:
    _blog(tmp_path / "one", PRICE)
    _blog(tmp_path / "two", "fields: {price: Int}")
    found: list[str] = []
    options = Options(jobs=1, on_diagnostic=lambda problem: found.append(problem.code))
    check([str(tmp_path / "one"), str(tmp_path / "two")], options)
    assert found == ["conflict"]


def test_all_roots_together_have_so_many_fields(loader: Loader, tmp_path: Path) -> None:
    for name in "ab":
        fields = ", ".join(f"{name}{number}: Int" for number in range(60))
        _blog(tmp_path / name, f"fields: {{{fields}}}")
    assert loader(tmp_path / "a").failed == 0
    assert loader(tmp_path / "b").failed == 1
    assert "has 120 fields; the limit is 100" in loader.diagnostics[0].message


def test_a_site_file_that_is_named_alone_is_not_an_item(loader: Loader, tmp_path: Path) -> None:
    _blog(tmp_path / "blog", f"{PRICE}\nlocale: en")
    report = loader(tmp_path / "blog" / "newsgraph.yaml")
    assert (report.inserted, report.skipped, report.failed) == (0, 1, 0)


def test_a_root_that_is_forgotten_takes_its_fields_along(loader: Loader, tmp_path: Path) -> None:
    _blog(tmp_path / "one", PRICE)
    _blog(tmp_path / "two", "fields: {pages: Int}")
    loader(tmp_path / "one", tmp_path / "two")
    with open_session(loader.uri, loader.database.name) as session:
        forget(session, str((tmp_path / "one").resolve()), lambda: False)
    assert _sites(loader) == {"two": ["pages"]}


def test_a_root_that_becomes_part_of_another_takes_its_fields_along(
    loader: Loader, tmp_path: Path
) -> None:
    _blog(tmp_path / "blogs" / "one", PRICE)
    write(tmp_path / "blogs" / "newsgraph.yaml", "fields: {price: Int}")
    loader(tmp_path / "blogs" / "one")
    report = loader(tmp_path / "blogs")
    assert report.failed == 0
    assert _sites(loader) == {"blogs": ["price"]}
