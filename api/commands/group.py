"""The `newsgraph` command, which imports each of its commands only when that one runs."""

import difflib
import importlib
import importlib.metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

# Command: the module that defines a function of that name.
COMMANDS = {
    "demo": "api.commands.demo",
    "load": "api.commands.load",
    "check": "api.commands.load",
    "infer": "api.commands.infer",
    "serve": "api.commands.serve",
    "status": "api.commands.status",
    "roots": "api.commands.roots",
    "forget": "api.commands.roots",
    "export": "api.commands.export",
    "build": "api.commands.build",
    "schema": "api.commands.schema",
    "schema check": "api.commands.schema_check",
}


class LazyCommands(TyperGroup):
    """Finds commands by name: `newsgraph load` starts without importing what `serve` needs."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order in which a newcomer uses them."""
        return list(COMMANDS)

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command of a command line; a misspelled one is answered with the nearest."""
        if (two_words := " ".join(args[:2])) in COMMANDS:
            args = [two_words, *args[2:]]
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"There are {', '.join(COMMANDS)}."
            ctx.fail(f"No such command '{args[0]}'. {hint}")
        return super().resolve_command(ctx, args)

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command and return it, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        from api.commands.help import PlainHelp

        module = importlib.import_module(COMMANDS[cmd_name])
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        function = getattr(module, cmd_name.replace(" ", "_"))
        epilog = getattr(module, "EPILOGS", {}).get(cmd_name)
        app.command(cmd_name, cls=PlainHelp, epilog=epilog)(function)
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Load a folder of news items and serve it as a GraphQL API.",
    epilog="Run `newsgraph COMMAND --help` for the options of a command.",
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
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Make typer treat the app as a group, although no command is registered yet."""
