"""Which files and folders a root leaves out."""

import time
from pathlib import Path

import pytest

from loaders.exclusions import MAX_WILDCARDS, Exclusions, Pattern, fault_of
from loaders.walk import walk
from store.embedded.folder import Folder
from tests.loaders.conftest import write


def _exclusions(*patterns: str) -> Exclusions:
    return Exclusions([Pattern(text, f"--exclude {text}") for text in patterns])


@pytest.mark.parametrize(
    ("patterns", "path", "reason"),
    [
        ([], "a.md", None),
        ([], "x/node_modules/left-pad/a.md", "is a folder of a tool"),
        ([], "_site/a.md", "is a folder of a tool"),
        ([], "_site.md", None),
        ([], "_drafts/a.md", None),
        (["*.tmp.md"], "x/a.tmp.md", "is excluded by --exclude *.tmp.md"),
        (["/private"], "private/x/a.md", "is excluded by --exclude /private"),
        (["/private"], "x/private/a.md", None),
        (["a/**/b.md"], "a/x/y/b.md", "is excluded by --exclude a/**/b.md"),
        (["a.md/"], "a.md", None),
        (["*.md", "!a.md"], "a.md", None),
        (["!_includes"], "_includes/a.md", None),
        (["x", "!x/a.md"], "x/a.md", "is excluded by --exclude x"),
    ],
)
def test_the_last_pattern_that_fits_decides(
    patterns: list[str], path: str, reason: str | None
) -> None:
    assert _exclusions(*patterns).reason_on_the_way(path) == reason


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("*.md", None),
        ("a/**/b-*/**/*.md", None),
        ("!", "is not a pattern; write it as in .gitignore"),
        ("*a*a*a*a*b", "has more than 4 wildcards (*)"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_named(pattern: str, fault: str | None) -> None:
    assert fault_of(pattern) == fault


def test_the_slowest_pattern_takes_a_bounded_time() -> None:
    pattern = "*a" * MAX_WILDCARDS + "b"
    assert fault_of(pattern) is None
    started = time.process_time()

    assert _exclusions(pattern).reason_on_the_way("a" * 250) is None

    assert time.process_time() - started < 20  # a wildcard more takes fifty times as long


def test_the_data_folder_of_newsgraph_is_skipped(tmp_path: Path) -> None:
    Folder.at(tmp_path / "data").write_state(Folder.at(tmp_path / "data").state)
    write(tmp_path / "mongodb" / "a.md", "")

    found = {found.path: found.reason for found in walk(str(tmp_path))}

    assert found == {"data/mongodb": "has the data of newsgraph", "mongodb/a.md": ""}
