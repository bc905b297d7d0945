"""The files that a walk finds, and their order.

Covers `loaders/formats.py` too.
"""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.walk import Found, kind_of, walk
from tests.loaders.conftest import write


def _content(root: Path) -> list[str]:
    return [found.path for found in walk(str(root)) if found.is_content]


def _skipped(root: Path) -> list[str]:
    return [found.path for found in walk(str(root)) if not found.is_content and not found.problem]


def _faults(root: Path) -> list[tuple[str, str, str]]:
    return [
        (found.path, found.problem.message, found.problem.code)
        for found in walk(str(root))
        if found.problem
    ]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert list(walk(str(tmp_path))) == []


@pytest.mark.parametrize(
    "name",
    ["a.md", "a.markdown", "a.txt", "a.html", "a.yml", "a.yaml", "a.json", "a.jsonl", "a.ndjson",
     "A.MD", "two words.md", "é.md", "README.md"],
)  # fmt: skip
def test_content_is_known_by_its_suffix(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "")

    assert list(walk(str(tmp_path))) == [Found(name, is_content=True)]


@pytest.mark.parametrize(
    "name", ["a.png", "md", "a", "a.md~", ".a.md", "_config.yml", "_Config.yaml", "package.json"]
)
def test_other_files_are_skipped(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "")

    (found,) = walk(str(tmp_path))
    assert (found.path, found.is_content, found.problem) == (name, False, None)
    assert found.reason


def test_a_hidden_folder_is_skipped_with_all_that_is_in_it(tmp_path: Path) -> None:
    write(tmp_path / ".git" / "a.md", "")

    assert list(walk(str(tmp_path))) == [Found(".git", is_content=False, reason="is hidden")]


def test_files_come_in_the_byte_order_of_their_whole_paths(tmp_path: Path) -> None:
    # "-" and "." come before the slash, "0" and letters after it.
    paths = ["a-b.md", "a.md", "a/z.md", "a0.md", "b/c/d.md", "b/c.md", "Z.md", "é.md", "z.md"]
    for path in paths:
        write(tmp_path / path, "")

    assert _content(tmp_path) == sorted(paths, key=str.encode)


_names = st.text(st.sampled_from("ab-./0é😀"), min_size=1, max_size=3).filter(
    lambda name: not name.startswith(".") and "/" not in name
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.sets(st.lists(_names, min_size=1, max_size=3).map("/".join), max_size=8))
def test_any_tree_comes_in_byte_order(
    tmp_path_factory: pytest.TempPathFactory, paths: set[str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path in paths:
        write(root / f"{path}.md", "")

    assert _content(root) == sorted((f"{path}.md" for path in paths), key=str.encode)


def test_links_to_files_and_to_folders_elsewhere_are_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = write(tmp_path / "outside" / "a.md", "")
    write(root / "b.md", "")
    (root / "file.md").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)

    assert _content(root) == ["b.md", "file.md", "folder/a.md"]


def test_a_link_to_a_folder_of_the_same_root_is_skipped(tmp_path: Path) -> None:
    write(tmp_path / "a" / "a.md", "")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    assert _content(tmp_path) == ["a/a.md"]
    assert _skipped(tmp_path) == ["b"]


def test_links_that_lead_nowhere_or_back_are_reported(tmp_path: Path) -> None:
    (tmp_path / "broken.md").symlink_to("gone.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "self").symlink_to(tmp_path)

    assert _faults(tmp_path) == [
        ("broken.md", "is a symbolic link to a file that does not exist", "vanished"),
        ("loop.md", "cannot be read: Too many levels of symbolic links", "symlink-loop"),
        ("self", "is a symbolic link to a folder that contains it", "symlink-loop"),
    ]


def test_a_pipe_with_the_name_of_content_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    os.mkfifo(tmp_path / "a.pipe")

    assert _faults(tmp_path) == [("a.md", "is a pipe, not a file", "not-a-file")]
    assert _skipped(tmp_path) == ["a.pipe"]


@pytest.mark.parametrize("name", [b"a\n.md", b"a\x7f.md", b"a\xff.md"])
def test_a_name_that_would_garble_a_terminal_is_reported(tmp_path: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("")

    ((path, message, code),) = _faults(tmp_path)
    assert path == os.fsdecode(name)
    assert message.endswith("rename the file")
    assert code == "file-name"


def test_a_folder_that_is_deleted_meanwhile_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a" / "a.md", "")
    write(tmp_path / "b" / "b.md", "")
    files = walk(str(tmp_path))

    assert next(files).path == "a/a.md"
    (tmp_path / "b" / "b.md").unlink()
    (tmp_path / "b").rmdir()

    assert list(files) == []


def test_a_root_that_is_deleted_meanwhile_is_reported(tmp_path: Path) -> None:
    (gone,) = walk(str(tmp_path / "gone"))
    assert gone.problem
    assert gone.problem.code == "unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_folder_without_permission_is_reported(tmp_path: Path) -> None:
    folder = write(tmp_path / "a" / "a.md", "").parent
    folder.chmod(0)

    assert _faults(tmp_path) == [("a/", "cannot be read: Permission denied", "unreadable")]
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (stat.S_IFIFO, "a pipe"),
        (stat.S_IFSOCK, "a socket"),
        (stat.S_IFDIR, "a folder"),
        (stat.S_IFBLK, "a device"),
        (stat.S_IFCHR, "a device"),
    ],
)
def test_other_kinds_of_files_have_names(mode: int, kind: str) -> None:
    assert kind_of(mode) == kind
