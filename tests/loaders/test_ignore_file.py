"""`.newsgraphignore`, and what a load does with it."""

from pathlib import Path

import pytest

from loaders.diagnostics import BadInput
from loaders.ignore_file import IGNORE_FILE, MAX_BYTES, MAX_PATTERNS, exclusions_of
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


def test_a_root_without_the_file_leaves_out_what_options_name(tmp_path: Path) -> None:
    assert exclusions_of(str(tmp_path), ["x"]).reason_on_the_way("x/a.md")
    assert exclusions_of(str(tmp_path)).reason_on_the_way("x/a.md") is None


def test_options_come_after_the_file(tmp_path: Path) -> None:
    write(tmp_path / IGNORE_FILE, "# Notes\n\nx/\ny/\n")

    exclusions = exclusions_of(str(tmp_path), ["!y/"])

    assert exclusions.reason_on_the_way("x/a.md") == "is excluded by line 3 of .newsgraphignore"
    assert exclusions.reason_on_the_way("y/a.md") is None


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a\n!\n", 2, "is not a pattern; write it as in .gitignore"),
        (b"*a*a*a*a*a\n", 1, "has more than 4 wildcards (*)"),
        (b"\xff", 1, "is not UTF-8; save the file as UTF-8"),
        (b"x" * (MAX_BYTES + 1), 1, "is larger than 64 KiB"),
        (b"x\n" * (MAX_PATTERNS + 1), MAX_PATTERNS + 1, "is over the limit of 500 lines"),
    ],
)
def test_a_file_that_is_not_valid_is_an_error(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    write(tmp_path / IGNORE_FILE, content)

    with pytest.raises(BadInput) as caught:
        exclusions_of(str(tmp_path))

    (problem,) = caught.value.problems
    assert (problem.line, problem.message, problem.code) == (line, message, "ignore-file")


def test_nothing_of_a_root_is_loaded_or_pruned_while_its_file_is_not_valid(
    loader: Loader, tmp_path: Path
) -> None:
    write(tmp_path / "a.md", front(""))
    loader(tmp_path)
    (tmp_path / "a.md").unlink()
    write(tmp_path / "private" / "b.md", front(""))
    write(tmp_path / IGNORE_FILE, "private/\n!\n")

    report = loader(tmp_path, prune=True, force=True)

    assert (report.failed, report.inserted, report.pruned) == (1, 0, 0)
    assert [str(diagnostic) for diagnostic in loader.diagnostics] == [
        f"{tmp_path}/.newsgraphignore:2:1: error: pattern: is not a pattern; write it as in "
        ".gitignore [ignore-file]"
    ]
    assert loader.item()["path"] == "a.md"


def test_what_is_excluded_later_is_pruned_and_named_files_are_left_out(
    loader: Loader, tmp_path: Path
) -> None:
    for name in ("a", "b", "c", "x/d"):
        write(tmp_path / f"{name}.md", front(f"webUrl: https://a.example/{name}"))
    loader(tmp_path)
    write(tmp_path / IGNORE_FILE, "x\n")

    assert loader(tmp_path).skipped == 2  # with the ignore file itself
    assert loader(tmp_path / "x" / "d.md").skipped == 1
    assert loader(tmp_path, prune=True).pruned == 1
