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


def test_a_file_belongs_to_the_roots_that_were_loaded(loader: Loader, tmp_path: Path) -> None:
    path = write(tmp_path / "site" / "posts" / "a.md", front(""))
    loader(tmp_path / "site")
    loader(tmp_path / "site" / "posts")

    with open_session(loader.uri, loader.database.name) as opened:
        targets = list(targets_of([str(path)], opened, lambda _: None))

    assert targets == [
        Target(str(tmp_path / "site"), ("posts/a.md",)),
        Target(str(tmp_path / "site" / "posts"), ("a.md",)),
    ]


def test_a_path_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    diagnostics: list[Diagnostic] = []
    gone = os.fspath(tmp_path / "gone.md")

    assert list(targets_of([gone], None, diagnostics.append)) == []
    assert [str(diagnostic) for diagnostic in diagnostics] == [
        f"{gone}:1:1: error: file: does not exist [not-found]"
    ]
