"""The command line as a whole: its list of commands, and how errors end it.

Covers `api.main` and `api.commands.group`.
"""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.commands.group import COMMANDS
from tests.api.conftest import COMMAND, newsgraph


def test_help_lists_every_command_with_a_whole_sentence() -> None:
    text = newsgraph("--help").stdout
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w", text, re.M)
    assert "..." not in text.partition("Commands:")[2]


def test_a_command_imports_nothing_of_the_others() -> None:
    code = """
import sys
from api.commands.group import app
sys.argv[1:] = ["check", "--help"]
try:
    app()
except SystemExit:
    print([name for name in ("strawberry", "uvicorn", "pymongo") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_the_version_is_that_of_the_package() -> None:
    assert newsgraph("--version").stdout == f"newsgraph {importlib.metadata.version('newsgraph')}\n"


def test_schema_prints_the_schema() -> None:
    assert "type Query {" in newsgraph("schema").stdout


def test_schema_prints_that_of_front_matter() -> None:
    schema = json.loads(newsgraph("schema", "--front-matter").stdout)
    assert schema["properties"]["title"]["description"]


@pytest.mark.parametrize("arguments", [["laod"], ["load"], ["load", "--jobs", "0", "."]])
def test_a_wrong_command_line_ends_with_status_2(arguments: list[str]) -> None:
    run = newsgraph(*arguments)
    assert run.returncode == 2
    assert "--help' for help." in run.stderr


@pytest.mark.parametrize(
    ("typed", "hint"), [("laod", "Did you mean 'load'?"), ("help", "There are demo, load, check")]
)
def test_a_misspelled_command_is_answered_with_the_nearest(typed: str, hint: str) -> None:
    assert f"No such command '{typed}'. {hint}" in newsgraph(typed).stderr


def test_a_wrong_setting_prints_one_sentence_and_exits_with_2() -> None:
    run = newsgraph("status", NEWSGRAPH_TIMEOUT_S="soon")
    assert run.returncode == 2
    assert run.stderr == (
        "newsgraph: NEWSGRAPH_TIMEOUT_S is 'soon': write a number. "
        "Time limit for a request, in seconds.\n"
    )


def test_ctrl_c_while_the_command_line_is_imported_ends_it_silently(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import signal; signal.raise_signal(signal.SIGINT)")
    paths = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    run = newsgraph("--version", PYTHONPATH=paths)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "")


def test_closed_stdout_prints_no_traceback() -> None:
    with subprocess.Popen(
        [*COMMAND, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1
