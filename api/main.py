"""The `newsgraph` command. Each of its commands is imported when it is asked for, not before."""

import importlib
import importlib.metadata
import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

# Command: the module that has a function of that name.
COMMANDS = {
    "demo": "api.commands.demo",
    "load": "api.commands.load",
    "check": "api.commands.load",
    "serve": "api.commands.serve",
    "status": "api.commands.status",
    "schema": "api.commands.schema",
}


class LazyCommands(TyperGroup):
    """The commands by name: `newsgraph load` starts without importing what `serve` needs."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command and make what typer makes of its function."""
        if cmd_name not in COMMANDS:
            return None
        function = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(cmd_name)(function)
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A folder of news items in, a GraphQL API out.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsgraph {importlib.metadata.version('newsgraph')}")
        raise typer.Exit


@app.callback()
def _newsgraph(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Be a group of commands, although none is registered yet."""


def main() -> NoReturn:
    """Run the command line. What a person can put right is a sentence and exit status 2."""
    status = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = status or 1  # whoever read our output has gone
    sys.stderr.flush()
    # All is closed and written. PyMongo's threads look twice a second whether they are wanted, and
    # a regular exit waits until they do: it would take half of the time of loading one file.
    os._exit(status)


def _run() -> int:
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        # Imported now: a command that ends well needs neither.
        from api.settings import SettingsError
        from store.errors import StoreError

        if not isinstance(error, SettingsError | StoreError):
            raise
        print(f"newsgraph: {error}".replace("\n", "\nnewsgraph: "), file=sys.stderr)
        return 2
    return 0
