"""Keys of authors become their names: which list counts, what it may hold, and what it reloads.

Covers `loaders/authors.py` too.
"""

from pathlib import Path

import pytest

from loaders.author_files import MAX_AUTHORS, MAX_BYTES, authors_in
from loaders.diagnostics import BadInput
from loaders.infer import infer
from loaders.options import Options
from loaders.site_text import site_text
from loaders.values import Value
from tests.loaders.conftest import Loader, write

LIST = "ada: {name: Ada Moor, title: Editor, url: https://a.example, image_url: /ada.png}\n"


def _post(authors: str) -> str:
    return f"---\ntitle: A\nauthors: {authors}\n---\n"


def _names(loader: Loader, path: str) -> list[str]:
    return [author["name"] for author in loader.item(path=path)["authors"]]


@pytest.mark.parametrize(
    ("authors", "named"),
    [
        ("ada", "Ada Moor"),
        ("Ada", "Ada"),
        (["ada", "li", "x"], ["Ada Moor", "007", "x"]),
        ([{"key": "ada", "x": 1}], [{"name": "Ada Moor", "key": "ada", "x": 1}]),
        ({"name": "Ada", "key": "ada"}, {"name": "Ada", "key": "ada"}),
        ({"key": ["ada"]}, {"key": ["ada"]}),
        (5, 5),
    ],
)  # fmt: skip
def test_keys_become_names(authors: Value, named: Value) -> None:
    listed = authors_in(f"{LIST}li: {{name: 007}}\nno-name: {{image_url: /x.png}}\n")
    assert listed
    assert listed.named(authors) == named


@pytest.mark.parametrize("text", ["", "[a, b]", "title: Authors", "ada: Ada Moor", "a: {b: c}"])
def test_other_data_is_no_list(text: str) -> None:
    assert authors_in(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("li: [x]", (2, 5, "li", "shape")),
        ("li: {name: [x]}", (2, 12, "li.name", "shape")),
        ("li: {name: ''}", (2, 12, "li.name", "missing")),
        (f"li: {{name: {'x' * 501}}}", (2, 12, "li.name", "too-long")),
        ("ada: {name: B}", (2, 1, "ada", "duplicate-key")),
        ("li: {name: B", (2, 5, "YAML", "yaml")),
        ("\n".join(f"a{n}: {{}}" for n in range(MAX_AUTHORS)), (1, 1, "authors.yml", "too-many")),
    ],
)
def test_what_is_wrong_in_a_list_is_found(text: str, problem: tuple[int, int, str, str]) -> None:
    with pytest.raises(BadInput) as error:
        authors_in(LIST + text)
    (found,) = error.value.problems
    assert (found.line, found.column, found.field, found.code) == problem


def test_the_nearest_list_counts(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "_data/authors.yml", "ada: {name: From the data}\n")
    write(tmp_path / "blog/authors.yml", "ada: {name: From the blog}\n")
    for path in ("a.md", "blog/2021/b/index.md", "c/d.md"):
        write(tmp_path / path, _post("[ada]"))
    report = loader(tmp_path)

    assert (report.skipped, report.failed) == (2, 0)
    assert _names(loader, "a.md") == _names(loader, "c/d.md") == ["From the data"]
    assert _names(loader, "blog/2021/b/index.md") == ["From the blog"]


def test_a_changed_list_reloads_only_what_names_the_changed_authors(
    loader: Loader, tmp_path: Path
) -> None:
    authors = write(tmp_path / "blog/authors.yml", f"{LIST}li wen: {{name: Li}}\n")
    write(tmp_path / "blog/ada.md", _post("ada"))
    write(tmp_path / "blog/escaped.md", _post('"\\x61da"'))
    write(tmp_path / "blog/li.md", _post("[li wen]"))
    write(tmp_path / "blog/none.md", "---\ntitle: ada\n---\n")
    write(tmp_path / "ada.md", _post("ada"))
    loader(tmp_path)
    assert loader(tmp_path).unchanged == 5

    write(authors, f"{LIST.replace('Moor', 'Marsh')}li wen: {{name: Li}}\nx: {{name: X}}\n")
    assert (loader(tmp_path).updated, loader(tmp_path).unchanged) == (2, 5)
    assert _names(loader, "blog/ada.md") == _names(loader, "blog/escaped.md") == ["Ada Marsh"]
    authors.unlink()
    assert loader(tmp_path).updated == 3
    assert _names(loader, "blog/li.md") == ["li wen"]


def test_other_names_of_authors_count_too(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "newsgraph.yaml", "names: {authors: by}\n")
    write(tmp_path / "authors.yml", LIST)
    write(tmp_path / "a.md", "---\ntitle: A\nby: ada\n---\n")
    loader(tmp_path)
    write(tmp_path / "authors.yml", LIST.replace("Moor", "Marsh"))
    loader(tmp_path)
    assert _names(loader, "a.md") == ["Ada Marsh"]


def test_a_broken_list_is_one_error_and_changes_no_author(loader: Loader, tmp_path: Path) -> None:
    authors = write(tmp_path / "blog/authors.yml", LIST)
    post = write(tmp_path / "blog/a.md", _post("ada"))
    loader(tmp_path)

    write(authors, f"{LIST}li: [x]\n")
    write(post, _post("ada").replace("title: A", "title: B"))
    write(tmp_path / "blog/b.md", "---\ntitle: New\n---\n")
    assert (loader(tmp_path).failed, loader.item(title="A")["authors"][0]["name"]) == (
        1,
        "Ada Moor",
    )
    assert [str(found) for found in loader.diagnostics] == [
        f"{authors}:2:5: error: li: has to be a mapping like {{name: Ada Moor}} [shape]"
    ]
    assert loader.item(title="New")
    write(authors, LIST)
    assert (loader(tmp_path).failed, _names(loader, "blog/a.md")) == (0, ["Ada Moor"])
    assert loader.item(path="blog/a.md")["title"] == "B"


def test_a_large_list_is_refused(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "authors.yml", LIST + "#" * MAX_BYTES)
    assert loader(tmp_path).failed == 1
    assert [found.code for found in loader.diagnostics] == ["too-large"]


def test_infer_knows_the_names(tmp_path: Path) -> None:
    write(tmp_path / "authors.yml", f"{LIST}li: {{name: Li}}\nbo: {{name: Bo}}\n")
    for number, key in enumerate(("ada", "li", "bo")):
        name = {"ada": "Ada Moor", "li": "Li", "bo": "Bo"}[key]
        write(tmp_path / f"{number}.md", f"---\ntitle: A\nauthors: {key}\neditor: {name}\n---\n")
    assert "editor: {type: Author}" in site_text(infer(str(tmp_path), Options(jobs=1)))
