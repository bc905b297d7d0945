"""How a command ends when it cannot go on."""

import sys
from typing import NoReturn

import typer


def print_error(message: str) -> None:
    """Print a message on standard error, each line marked as newsgraph's."""
    for line in message.split("\n"):
        print(f"newsgraph: {line}", file=sys.stderr)


def fail(message: str, status: int = 2) -> NoReturn:
    """Print a message and end the command with an exit status."""
    print_error(message)
    raise typer.Exit(status)
