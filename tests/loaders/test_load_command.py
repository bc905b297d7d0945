"""The command as people and scripts use it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.bad_inputs import front
from tests.loaders.conftest import Loader, write


def _newsgraph(
    loader: Loader, command: str, *arguments: object, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("newsgraph")), command, *map(str, arguments)],
        env=_environment(loader),
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def _environment(loader: Loader) -> dict[str, str]:
    return os.environ | {
        "NEWSGRAPH_MONGODB_URI": loader.uri,
        "NEWSGRAPH_DATABASE": loader.database.name,
    }


def _titles(loader: Loader) -> set[str]:
    return {item["title"] for item in loader.database["items"].find()}


def test_says_what_is_wrong_loads_the_rest_and_ends_with_status_1(
    loader: Loader, tmp_path: Path
) -> None:
    write(tmp_path / "a.md", front(""))
    bad = write(tmp_path / "b.md", "---\nheat: 5\n---\n")
    write(tmp_path / "README.md", "# About\n")
    errors = tmp_path / "errors.jsonl.log"

    done = _newsgraph(loader, "load", tmp_path, "--errors", errors)

    assert done.returncode == 1
    assert done.stderr == f"{bad}:2:1: error: title: is missing [missing]\n"
    assert done.stdout.startswith(
        "4 files: 1 inserted, 0 updated, 0 unchanged, 0 superseded, 0 pruned, 2 skipped, 1 failed"
    )
    assert json.loads(errors.read_text()) == {
        "path": str(bad), "line": 2, "column": 1, "field": "title", "message": "is missing",
        "code": "missing",
    }  # fmt: skip


def test_checks_without_a_database(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))

    done = _newsgraph(loader, "check", tmp_path, "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["inserted"] == 1
    assert _titles(loader) == set()


def test_a_dry_run_writes_nothing(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", front(""))
    loader(tmp_path)
    before = loader.snapshot()
    write(tmp_path / "a.md", front("heat: 5"))
    write(tmp_path / "b.md", front("webUrl: https://example.com/b"))

    report = loader(tmp_path, dry_run=True)

    assert (report.inserted, report.updated) == (1, 1)
    assert loader.snapshot() == before


def test_prune_deletes_what_the_folder_no_longer_has(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / "one" / f"{name}.md", f"---\ntitle: {name}\n---\n")
    write(tmp_path / "two" / "d.md", "---\ntitle: d\n---\n")
    loader(tmp_path / "one")
    loader(tmp_path / "two")
    (tmp_path / "one" / "a.md").unlink()

    assert loader(tmp_path / "one").pruned == 0
    assert loader(tmp_path / "one", prune=True).pruned == 1
    assert _titles(loader) == {"b", "c", "d"}


def test_prune_refuses_over_half_unless_forced(loader: Loader, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.md", f"---\ntitle: {name}\n---\n")
    loader(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.md").unlink()

    report = loader(tmp_path, prune=True)

    assert (report.pruned, report.refused) == (0, True)
    assert loader.notes == [
        "nothing pruned: 2 of 3 files are gone, more than half; add --force to prune them"
    ]
    assert _titles(loader) == {"a", "b", "c"}
    assert loader(tmp_path, prune=True, force=True).pruned == 2
    assert _titles(loader) == {"c"}


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
def test_reads_standard_input(loader: Loader, text: str, titles: set[str]) -> None:
    first = _newsgraph(loader, "load", "-", input=text)
    second = _newsgraph(loader, "load", "-", "--json", input=text)

    assert first.returncode == 0, first.stderr
    assert _titles(loader) == titles
    assert json.loads(second.stdout)["unchanged"] == len(titles)
    assert loader.version == 1


def test_of_what_comes_by_standard_input_the_latest_wins(loader: Loader) -> None:
    lines = '{"title": "%s", "webUrl": "https://example.com/a", "updatedDateTime": "2020-01-0%d"}'

    _newsgraph(loader, "load", "-", input=lines % ("new", 2))
    _newsgraph(loader, "load", "-", input=lines % ("old", 1))

    assert _titles(loader) == {"new"}


def test_one_changed_file_keeps_its_id_and_path(loader: Loader, tmp_path: Path) -> None:
    path = write(tmp_path / "site" / "posts" / "a.md", front(""))
    loader(tmp_path / "site")
    before = loader.item()
    write(path, front("heat: 5"))

    report = loader(path)

    assert report.updated == 1
    after = loader.item()
    assert (after["_id"], after["path"]) == (before["_id"], "posts/a.md")


def test_the_version_stays_when_a_change_is_no_change(loader: Loader, tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", front(""))
    loader(tmp_path)
    write(path, front("# a comment"))

    report = loader(tmp_path)

    assert (report.unchanged, loader.version) == (1, 1)


def test_watch_loads_what_changes(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: a\n---\n")
    command = [str(Path(sys.executable).with_name("newsgraph")), "load", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--watch", "--prune", "--force"],
        env=_environment(loader),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert "1 inserted" in process.stdout.readline()
        write(tmp_path / "b.md", "---\ntitle: b\n---\n")
        assert "1 inserted" in process.stdout.readline()
        (tmp_path / "a.md").unlink()
        assert "1 pruned" in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert _titles(loader) == {"b"}


def test_links_are_followed_out_of_the_root_and_never_round(loader: Loader, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    write(elsewhere / "a.md", "---\ntitle: a\n---\n")
    for name in "bcd":
        write(root / name / f"{name}.md", f"---\ntitle: {name}\n---\n")
        for other in "bcd".replace(name, ""):
            (root / name / other).symlink_to(root / other)
    (root / "link").symlink_to(elsewhere)

    report = loader(root)

    assert (report.inserted, report.skipped) == (4, 6)
    assert _titles(loader) == {"a", "b", "c", "d"}
