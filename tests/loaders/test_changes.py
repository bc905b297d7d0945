"""Comparing a folder with its manifest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.changes import Comparison, Gone, Skipped, Unreadable, compare, count_files
from loaders.exclusions import Exclusions
from loaders.read import SourceFile
from loaders.targets import Target
from store.writing.manifest import LoadedFile
from store.writing.session import Session, open_session
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write

MB = 2**20


@pytest.fixture
def opened(loader: Loader) -> Iterator[Session]:
    """A session with the database of `loader`."""
    with open_session(loader.uri, loader.database.name) as opened:
        yield opened


def _compared(root: Path, opened: Session | None, *files: str) -> list[str]:
    comparisons = compare(Target(str(root), files or None), opened, MB, Exclusions())
    return [_line(comparison) for comparison in comparisons]


def _line(comparison: Comparison) -> str:
    match comparison:
        case Skipped():
            return "skipped"
        case LoadedFile():
            return f"unchanged {comparison.path}"
        case Gone(loaded_file):
            return f"gone {loaded_file.path}"
        case Unreadable(diagnostic):
            return f"unreadable {diagnostic.path}"
        case SourceFile():
            return f"{'new' if comparison.is_new else 'changed'} {comparison.path}"


def test_without_a_session_every_file_is_new(tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))
    write(tmp_path / "b.png", "")

    assert _compared(tmp_path, None) == ["new a.md", "skipped"]
    assert _compared(tmp_path, None, "a.md") == ["new a.md"]


def test_each_file_is_new_changed_unchanged_or_gone(
    loader: Loader, opened: Session, tmp_path: Path
) -> None:
    root = tmp_path / "site"
    for name in ("b", "c", "d", "e", "f", "x/y"):
        write(root / f"{name}.md", front(""))
    loader(root)
    write(root / "a.md", front(""))
    write(root / "c.md", front("heat: 5"))
    (root / "d.md").unlink()
    (root / "e.md").unlink()
    (root / "e.md").symlink_to("gone")
    write(root / "f.md", "x" * 2 * MB)
    (root / "x" / "y.md").unlink()

    assert _compared(root, opened) == [
        "new a.md",
        "unchanged b.md",
        "changed c.md",
        "gone d.md",
        f"unreadable {root}/e.md",
        "changed f.md",
        "gone x/y.md",
    ]


def test_one_file_of_a_root_is_compared_alone(
    loader: Loader, opened: Session, tmp_path: Path
) -> None:
    for name in ("a.md", "b.md"):
        write(tmp_path / name, front(""))
    loader(tmp_path)
    write(tmp_path / "b.md", front("heat: 5"))

    assert _compared(tmp_path, opened, "a.md") == ["unchanged a.md"]
    assert _compared(tmp_path, opened, "b.md") == ["changed b.md"]
    assert _compared(tmp_path, opened, "c.md") == ["new c.md"]


_paths = st.lists(st.sampled_from(["a", "b", "a-b", "é", "😀"]), min_size=1, max_size=3).map(
    lambda names: "/".join(names) + ".md"
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.sets(_paths, max_size=6), after=st.sets(_paths, max_size=6))
def test_any_two_states_of_a_folder_are_told_apart(
    loader: Loader,
    opened: Session,
    tmp_path_factory: pytest.TempPathFactory,
    before: set[str],
    after: set[str],
) -> None:
    root = tmp_path_factory.mktemp("site")
    for path in before:
        write(root / path, front(""))
    loader(root)
    for path in before - after:
        (root / path).unlink()
    for path in after:
        write(root / path, front(""))

    expected = [
        f"{'new' if path not in before else 'unchanged' if path in after else 'gone'} {path}"
        for path in before | after
    ]
    assert sorted(_compared(root, opened)) == sorted(expected)


def test_files_are_counted_below_folders_and_by_name(tmp_path: Path) -> None:
    for name in ("a.md", "b/c.md", "b/d.png"):
        write(tmp_path / name, "")

    assert count_files([str(tmp_path), str(tmp_path / "a.md"), "-"]) == 5
    assert count_files([str(tmp_path)], ["b/*"]) == 3
