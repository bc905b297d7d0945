"""`newsgraph load` and `newsgraph check` as people and scripts use them.

Covers `api/commands/load.py`.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.command import NEWSGRAPH, environment
from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write, write_at_once


def _newsgraph(
    loader: Loader, command: str, *arguments: object, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NEWSGRAPH, command, *map(str, arguments)],
        env=_environment(loader),
        capture_output=True,
        text=True,
        timeout=60,
        input=input,
    )


def _environment(loader: Loader) -> dict[str, str]:
    return environment(MONGODB_URI=loader.uri, DATABASE=loader.database.name)


def _titles(loader: Loader) -> set[str]:
    return {item["title"] for item in loader.database["items"].find()}


def test_a_bad_file_is_reported_the_rest_is_loaded_and_the_status_is_1(
    loader: Loader, tmp_path: Path
) -> None:
    write(tmp_path / "a.md", front(""))
    bad = write(tmp_path / "b.yaml", "heat: 5\n")
    write(tmp_path / "README.md", "# About\n")
    errors = tmp_path / "errors.jsonl.log"

    done = _newsgraph(loader, "load", tmp_path, "--errors", errors)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{bad}:1:1: error: title: is missing [missing]",
        f"new root: {tmp_path} (4 files)",
    ]
    assert done.stdout.startswith(
        "4 files: 1 inserted, 0 updated, 0 unchanged, 0 superseded, 0 pruned, 2 skipped, 1 failed"
    )
    assert json.loads(errors.read_text()) == {
        "path": str(bad), "line": 1, "column": 1, "field": "title", "message": "is missing",
        "code": "missing", "severity": "error",
    }  # fmt: skip


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_warning_costs_a_value_and_what_no_field_takes_is_listed(
    loader: Loader, tmp_path: Path, command: str
) -> None:
    bad = write(tmp_path / "a.md", front("quality: 4.5\npublishedDatetime: 2020-01-01\nmood: x"))

    done = _newsgraph(loader, command, tmp_path)

    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "new root" not in line] == [
        f"{bad}:3:10: warning: quality: '4.5' is not a whole number [integer]",
        "Keys that no field takes (only editors see them; try `newsgraph infer PATH`):",
        "  mood: 1 file",
        "  publishedDatetime: 1 file; did you mean publishedDateTime?",
    ]
    assert re.search(r"\b0 failed, 1 warnings? in", done.stdout)
    if command == "load":
        assert loader.item()["extra"] == {
            "quality": 4.5, "publishedDatetime": "2020-01-01", "mood": "x",
        }  # fmt: skip


def test_what_no_field_takes_is_part_of_the_json(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front("Title: B"))

    done = _newsgraph(loader, "check", tmp_path, "--json")

    assert done.stderr == ""
    assert json.loads(done.stdout)["untaken"] == [
        {"key": "Title", "files": 1, "suggestion": "title"}
    ]


def test_check_writes_nothing(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))

    done = _newsgraph(loader, "check", tmp_path, "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["documents"] == 1
    assert _titles(loader) == set()


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("---\ntitle: A\n---\nbody\n", {"A"}),
        ("title: A\n", {"A"}),
        ('{"title": "A"}', {"A"}),
        ('[{"title": "A"}, {"title": "B"}]', {"A", "B"}),
        ('{"value": [{"title": "A"}, {"title": "B"}]}', {"A", "B"}),
        ('{"title": "A"}\n{"title": "B"}\n', {"A", "B"}),
    ],
)
def test_standard_input_can_have_any_format(loader: Loader, text: str, titles: set[str]) -> None:
    first = _newsgraph(loader, "load", "-", input=text)
    second = _newsgraph(loader, "load", "-", "--json", input=text)

    assert first.returncode == 0, first.stderr
    assert _titles(loader) == titles
    assert json.loads(second.stdout)["unchanged"] == len(titles)
    assert loader.version == 1


def test_the_latest_item_of_standard_input_wins(loader: Loader) -> None:
    lines = '{"title": "%s", "webUrl": "https://example.com/a", "updatedDateTime": "2020-01-0%d"}'

    _newsgraph(loader, "load", "-", input=lines % ("new", 2))
    _newsgraph(loader, "load", "-", input=lines % ("old", 1))

    assert _titles(loader) == {"new"}


def test_watch_loads_changes_until_it_is_terminated(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: a\n---\n")
    command = [NEWSGRAPH, "load", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--watch", "--prune", "--force"],
        env=_environment(loader),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert "1 inserted" in process.stdout.readline()
        write_at_once(tmp_path / "b.md", "---\ntitle: b\n---\n")
        assert "1 inserted" in process.stdout.readline()
        (tmp_path / "a.md").unlink()
        assert "1 pruned" in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert _titles(loader) == {"b"}
