"""`newsgraph roots` and `newsgraph forget`, and the roots in `newsgraph status`."""

import json
import re
from pathlib import Path

import pytest

from tests.api.conftest import newsgraph

ITEM = "---\ntitle: A\n---\n"


@pytest.fixture
def variables(mongod: str, database_name: str) -> dict[str, str]:
    return {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    for number in range(3):
        path = tmp_path / "blog" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ITEM)
    return tmp_path / "blog"


def test_roots_are_listed_with_the_files_that_failed(blog: Path, variables: dict[str, str]) -> None:
    assert newsgraph("roots", **variables).stdout == "nothing loaded yet: newsgraph load PATH\n"
    assert newsgraph("roots", "--json", **variables).stdout == "[]\n"
    (blog / "bad.md").write_text("---\ntitle: [\n---\n")
    newsgraph("load", str(blog), **variables)

    listed = newsgraph("roots", **variables)
    (root,) = json.loads(newsgraph("roots", "--json", **variables).stdout)
    status = newsgraph("status", **variables).stdout

    root_line, failed_line = listed.stdout.splitlines()
    assert re.fullmatch(
        rf"{blog}: 3 files, 3 items, 1 failed, loaded \d+-\d+-\d+ [\d:]+ UTC", root_line
    )
    assert failed_line == f"  failed: {blog}/bad.md"
    assert f"root       {root_line}\n" in status
    assert failed_line in status
    assert root.pop("loaded").endswith("+00:00")
    assert root == {
        "root": str(blog), "files": 3, "items": 3, "failed": 1, "failures": [f"{blog}/bad.md"],
    }  # fmt: skip


def test_a_root_is_forgotten(blog: Path, variables: dict[str, str]) -> None:
    newsgraph("load", str(blog), **variables)
    refused = newsgraph("forget", str(blog), **variables)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"newsgraph: {blog} has 3 of the 3 files that are loaded, more than half; "
        "add --force to delete their items\n"
    )

    done = newsgraph("forget", str(blog), "--force", **variables)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{blog}: 3 files forgotten, 3 documents deleted\n"
    assert newsgraph("roots", "--json", **variables).stdout == "[]\n"


def test_a_root_whose_folder_moved_is_forgotten(blog: Path, variables: dict[str, str]) -> None:
    newsgraph("load", str(blog), **variables)
    moved = blog.rename(blog.with_name("moved"))
    newsgraph("load", str(moved), **variables)

    done = newsgraph("forget", str(blog), "--json", **variables)

    assert json.loads(done.stdout) == {
        "root": str(blog), "files": 3, "documents": 3, "is_complete": True,
    }  # fmt: skip
    (root,) = json.loads(newsgraph("roots", "--json", **variables).stdout)
    assert (root["root"], root["items"]) == (str(moved), 3)


def test_what_was_not_loaded_cannot_be_forgotten(blog: Path, variables: dict[str, str]) -> None:
    newsgraph("load", str(blog), **variables)

    part = newsgraph("forget", str(blog / "0.md"), **variables)

    assert part.returncode == 2
    assert part.stderr == (
        f"newsgraph: {blog}/0.md was not loaded as a folder of its own; these were: {blog}\n"
    )
