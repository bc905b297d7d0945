"""Which root a path on the command line belongs to."""

import os
from pathlib import Path

import pytest

from loaders.diagnostics import Diagnostic
from loaders.targets import Target, site_of, targets_of
from store.writing.session import open_session
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


def _targets(*paths: Path | str) -> list[Target]:
    diagnostics: list[Diagnostic] = []
    targets = list(targets_of([str(path) for path in paths], None, diagnostics.append))
    assert diagnostics == []
    return targets


def test_a_folder_is_a_root(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    assert _targets(tmp_path) == [Target(str(tmp_path))]
    assert _targets(tmp_path / "link") == [Target(str(tmp_path))]


def test_each_target_comes_once_and_the_files_of_a_root_together(tmp_path: Path) -> None:
    a, b = (write(tmp_path / name, "") for name in ("a.md", "b.md"))
    linked = tmp_path / "link"
    linked.symlink_to(tmp_path)

    assert _targets(b, a, linked / "a.md", tmp_path, tmp_path, "-") == [
        Target("-"),
        Target(str(tmp_path)),
        Target(str(tmp_path), ("a.md", "b.md")),
    ]


def test_a_relative_path_is_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.md", "")
    monkeypatch.chdir(tmp_path)

    assert _targets("a.md") == [Target(str(tmp_path), ("a.md",))]
    assert _targets(".") == [Target(str(tmp_path))]


def test_a_file_that_is_a_link_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "")
    (tmp_path / "b.md").symlink_to("a.md")

    assert _targets(tmp_path / "b.md") == [Target(str(tmp_path), ("b.md",))]


@pytest.mark.parametrize(
    ("file", "site"),
    [
        ("/site/_news/a.md", "/site"),
        ("/site/_news/2020/a.md", "/site"),
        ("/site/_news/_local/a.md", "/site"),
        ("/_news/a.md", "/"),
        ("/site/posts/a.md", "/site/posts"),
        ("/site/_/a.md", "/site/_"),
        ("/site/_a.md", "/site"),
    ],
)
def test_the_site_of_a_file_is_above_its_collection(file: str, site: str) -> None:
    assert site_of(file) == site


def test_what_is_in_a_loaded_root_belongs_to_it(loader: Loader, tmp_path: Path) -> None:
    site = tmp_path / "site"
    path = write(site / "posts" / "2020" / "a.md", front(""))
    loader(site)

    with open_session(loader.uri, loader.database.name) as opened:

        def targets(*paths: Path) -> list[Target]:
            return list(targets_of([str(path) for path in paths], opened, lambda _: None))

        assert targets(path) == [Target(str(site), ("posts/2020/a.md",))]
        assert targets(path.parent) == [Target(str(site), below="posts/2020/")]
        assert targets(site, path.parent) == [Target(str(site))]
        assert targets(tmp_path) == [Target(str(tmp_path))]
        assert targets(tmp_path, site) == [Target(str(tmp_path))]


def test_of_folders_in_each_other_the_outermost_is_the_root(tmp_path: Path) -> None:
    path = write(tmp_path / "b" / "c" / "a.md", "")
    write(tmp_path / "b-c" / "a.md", "")

    assert _targets(path.parent, tmp_path / "b", tmp_path / "b-c") == [
        Target(str(tmp_path / "b")),
        Target(str(tmp_path / "b-c")),
    ]


@pytest.mark.parametrize("name", [".hidden", "_site", "excluded"])
def test_a_folder_that_its_root_does_not_find_is_a_root(tmp_path: Path, name: str) -> None:
    write(tmp_path / name / "b" / "a.md", "")
    inner = tmp_path / name / "b"

    targets = list(targets_of([str(tmp_path), str(inner)], None, lambda _: None, ["/excluded"]))

    assert targets == [Target(str(tmp_path)), Target(str(inner))]


@pytest.mark.parametrize("missing", ["", "gone.md"])
def test_an_empty_path_is_not_the_working_folder(missing: str) -> None:
    diagnostics: list[Diagnostic] = []

    assert list(targets_of([missing], None, diagnostics.append)) == []
    assert [diagnostic.code for diagnostic in diagnostics] == ["not-found"]


def test_a_path_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    diagnostics: list[Diagnostic] = []
    gone = os.fspath(tmp_path / "gone.md")

    assert list(targets_of([gone], None, diagnostics.append)) == []
    assert [str(diagnostic) for diagnostic in diagnostics] == [
        f"{gone}:1:1: error: file: does not exist [not-found]"
    ]
