"""The `newsgraph` command in the hands of somebody who is new to it, or makes a mistake."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ITEM = "---\ntitle: A\nwebUrl: https://a.example/1\nprovider: A\n---\n"


def newsgraph(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        [sys.executable, "-c", "from api.main import main; main()", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in run.stderr
    return run


@pytest.fixture
def items(tmp_path: Path) -> Path:
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / "one.md").write_text(ITEM)
    return folder


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--watch", "nowhere"], "--watch: nowhere does not exist"),
        (["--watch", "-"], "standard input (-) is read once"),
        (["--watch", "--dry-run", "."], "--watch writes and --dry-run does not"),
        (["--force", "."], "--force is for --prune"),
    ],
)
def test_flags_that_make_no_sense_together_are_a_sentence(flags, says):
    run = newsgraph("load", *flags)
    assert run.returncode == 2
    assert run.stderr.startswith("newsgraph: ")
    assert says in run.stderr


def test_check_claims_to_insert_nothing(items):
    (items / "two.md").write_text("no front matter")
    run = newsgraph("check", str(items))
    assert re.fullmatch(r"2 files: 1 document, 0 skipped, 1 failed in \d+\.\d s\n", run.stdout)


def test_a_file_with_many_faults_is_reported_from_its_top_to_its_end(items, monkeypatch):
    (items / "bad.md").write_text("---\nheat: hot\nwebUrl: example.com\ntitle:\nquality: x\n---\n")
    monkeypatch.chdir(items.parent)
    run = newsgraph("check", "items")
    places = [line.partition(" ")[0] for line in run.stderr.splitlines()]
    assert places == [f"items/bad.md:{place}:" for place in ("2:7", "3:9", "4:7", "5:10")]


def test_standard_input_that_is_empty_is_called_so():
    run = newsgraph("check", "-")
    assert run.returncode == 1
    assert "standard input: is empty" in run.stderr


def test_a_dry_run_says_so(items, mongod, database_name):
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    run = newsgraph("load", "--dry-run", str(items), **variables)
    assert run.stdout.startswith("dry run, nothing is written: 1 files: 1 inserted, ")
    status = newsgraph("status", **variables).stdout
    assert "editor     0 items, 0 providers, 0 topics" in status


def test_status_names_the_server_and_never_the_password(mongod):
    status = newsgraph("status", NEWSGRAPH_MONGODB_URI=mongod).stdout
    hosts = mongod.rpartition("@")[2].partition("/")[0]
    assert f"MongoDB    {hosts}\n" in status


def test_the_list_of_commands_breaks_off_in_no_sentence():
    assert "..." not in newsgraph("--help").stdout.partition("Commands:")[2]


def test_an_interrupt_ends_a_load_that_waits_for_mongodb(items):
    nobody = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50"
    command = [sys.executable, "-c", "from api.main import main; main()", "load", str(items)]
    environment = {**os.environ, "NEWSGRAPH_MONGODB_URI": nobody}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as load:
        assert "retrying for up to 60 s" in load.stderr.readline()
        load.send_signal(signal.SIGINT)
        assert load.wait(10) == 130
        assert "Interrupted while MongoDB was not responding" in load.stderr.read()
