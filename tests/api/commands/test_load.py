"""`newsgraph load` and `check` as a newcomer uses them, mistakes included.

Covers `load_run` and `interrupts` too.

tests/loaders/test_load_command.py has what they do to a corpus.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.conftest import COMMAND, UNREACHABLE, newsgraph

ITEM = "---\ntitle: A\nwebUrl: https://a.example/1\nprovider: A\n---\n"


@pytest.fixture
def items(tmp_path: Path) -> Path:
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / "one.md").write_text(ITEM)
    return folder


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--watch", "nowhere"], "newsgraph: nowhere: no such file or folder"),
        ([".", "nowhere"], "newsgraph: nowhere: no such file or folder"),
        ([""], 'the path "" is empty, perhaps an unset variable; for this folder, write .'),
        ([".", "--exclude", "!"], "--exclude !: is not a pattern; write it as in .gitignore"),
        (["--watch", "-"], "standard input (-) is read only once"),
        (["--watch", "--dry-run", "."], "--watch writes and --dry-run does not"),
        (["--force", "."], "--force only applies to --prune"),
        (["--errors", "nowhere/errors.jsonl", "."], "No such file or directory"),
    ],
)
def test_contradictory_flags_are_refused_with_one_sentence(flags: list[str], message: str) -> None:
    run = newsgraph("load", *flags, NEWSGRAPH_MONGODB_URI=UNREACHABLE)
    assert run.returncode == 2
    assert run.stderr.startswith("newsgraph: ")
    assert message in run.stderr


def test_check_does_not_report_insertions(items: Path) -> None:
    (items / "two.txt").write_text("no front matter")
    run = newsgraph("check", str(items))
    assert re.fullmatch(
        r"2 files: 1 document, 0 skipped, 1 failed, 0 warnings in \d+\.\d s\n", run.stdout
    )


def test_the_errors_of_a_file_are_reported_from_top_to_bottom(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (items / "bad.md").write_text("---\nheat: x\nwebUrl: a.example\ntitle: []\nquality: x\n---\n")
    monkeypatch.chdir(items.parent)
    run = newsgraph("check", "items")
    positions = [line.partition(" ")[0] for line in run.stderr.splitlines()]
    assert positions == [f"items/bad.md:{position}:" for position in ("2:7", "3:9", "4:8", "5:10")]


def test_what_is_skipped_is_listed_on_request(items: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (items / "node_modules").mkdir()
    (items / "404.html").write_text("<h1>Not found")
    (items / "two.md").write_text("# Two")
    monkeypatch.chdir(items.parent)

    run = newsgraph("check", "items", "--exclude", "two.*", "--verbose")

    assert run.returncode == 0
    assert run.stderr.splitlines() == [
        "items/node_modules: skipped: is a folder of a tool",
        "items/two.md: skipped: is excluded by --exclude two.*",
        "items/404.html: skipped: has no front matter",
    ]
    assert run.stdout.startswith("4 files: 1 document, 3 skipped, 0 failed")


def test_check_refuses_a_path_that_does_not_exist() -> None:
    run = newsgraph("check", "nowhere")
    assert (run.returncode, run.stderr) == (2, "newsgraph: nowhere: no such file or folder\n")


def test_empty_standard_input_is_an_error() -> None:
    run = newsgraph("check", "-")
    assert run.returncode == 1
    assert "standard input: is empty" in run.stderr


def test_a_dry_run_reports_that_it_writes_nothing(
    items: Path, mongod: str, database_name: str
) -> None:
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    run = newsgraph("load", "--dry-run", str(items), **variables)
    assert run.stdout.startswith("dry run, nothing is written: 1 file: 1 inserted, ")
    status = newsgraph("status", **variables).stdout
    assert "nothing loaded yet" in status


def test_a_load_ends_with_what_the_database_holds(
    items: Path, mongod: str, database_name: str
) -> None:
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    run = newsgraph("load", str(items), **variables)
    assert run.stdout.endswith("; now 1 item, 0 topics, 1 provider, 0 authors\n")


@contextmanager
def waiting_load(items: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a load until it waits for MongoDB, which does not respond."""
    uri = f"{UNREACHABLE}/?serverSelectionTimeoutMS=50"
    environment = {**os.environ, "NEWSGRAPH_MONGODB_URI": uri}
    with subprocess.Popen(
        [*COMMAND, "load", str(items)], env=environment, stderr=subprocess.PIPE, text=True
    ) as load:
        assert load.stderr is not None
        assert "retrying for up to 60 s" in load.stderr.readline()
        yield load


def test_a_load_leaves_the_processor_to_servers(items: Path) -> None:
    with waiting_load(items) as load:
        assert os.getpriority(os.PRIO_PROCESS, load.pid) == 19
        load.kill()


def test_an_interrupt_ends_a_load_that_waits_for_mongodb(items: Path) -> None:
    with waiting_load(items) as load:
        load.send_signal(signal.SIGINT)
        assert load.wait(10) == 130
        assert load.stderr is not None
        assert "Interrupted while MongoDB was not responding" in load.stderr.read()
