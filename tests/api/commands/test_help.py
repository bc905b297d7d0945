"""The help of the commands: metavars and sentences, and nothing of Python.

Covers `options`, and `schema`, the command without any.
"""

import re
from functools import cache

import pytest

from api.commands.group import COMMANDS
from tests.api.conftest import newsgraph


@cache
def help_of(command: str) -> str:
    """Return what a command prints about itself."""
    return newsgraph(command, "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_no_types_and_no_ranges(command: str) -> None:
    text = help_of(command)
    assert text.startswith(f"Usage: newsgraph {command} [OPTIONS]")
    assert not re.search(r"list\[|<\w+>|[<>]=|\[default|\[required", text)


@pytest.mark.parametrize("command", ["load", "check"])
def test_the_help_of_load_and_check_has_examples_and_exit_statuses(command: str) -> None:
    text = help_of(command)
    assert text.startswith(f"Usage: newsgraph {command} [OPTIONS] PATH...\n")
    _, _, epilog = text.partition("\nExamples:\n")
    examples, _, statuses = epilog.partition("\nExit status:\n")
    assert len(re.findall(rf"newsgraph {command} ", examples)) == 3
    assert re.findall(r"^  (\d+) ", statuses, re.MULTILINE) == ["0", "1", "2", "130"]


@pytest.mark.parametrize("command", ["serve", "status"])
def test_the_help_of_serve_and_status_has_examples_and_exit_statuses(command: str) -> None:
    _, _, epilog = help_of(command).partition("\nExamples:\n")
    examples, _, statuses = epilog.partition("\nExit status:\n")
    assert len(re.findall(rf"newsgraph {command}", examples)) == 3
    assert re.findall(r"^  (\d+) ", statuses, re.MULTILINE) == ["0", "1", "2"]


@pytest.mark.parametrize(("command", "expected"), [("roots", "0 2"), ("forget", "0 1 2 130")])
def test_the_help_of_roots_and_forget_has_examples_and_exit_statuses(
    command: str, expected: str
) -> None:
    _, _, epilog = help_of(command).partition("\nExamples:\n")
    examples, _, statuses = epilog.partition("\nExit status:\n")
    assert len(re.findall(rf"newsgraph {command}", examples)) == 3
    assert re.findall(r"^  (\d+) ", statuses, re.MULTILINE) == expected.split()


def test_no_line_is_wider_than_a_terminal() -> None:
    for command in COMMANDS:
        assert max(map(len, help_of(command).splitlines())) <= 80, command
