"""The help of a command, without the types and ranges that typer prints in Python's notation."""

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperOption
from typing_extensions import override


class PlainHelp(TyperCommand):
    """A command whose help has a metavar and a sentence per parameter, and a verbatim epilog."""

    @override
    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the usage line's parts, such as `[OPTIONS]` and `PATH...`."""
        arguments = [p for p in self.get_params(ctx) if isinstance(p, TyperArgument)]
        return ["[OPTIONS]", *map(_usage, arguments)]

    @override
    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the sections for arguments and options."""
        parameters = self.get_params(ctx)
        for title, kind in (("Arguments", TyperArgument), ("Options", TyperOption)):
            rows = [(_name(p), p.help or "") for p in parameters if isinstance(p, kind)]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    @override
    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the epilog as it stands: its columns are aligned by hand."""
        if self.epilog:
            formatter.write(f"\n{self.epilog.strip()}\n")


def _usage(argument: TyperArgument) -> str:
    name = f"{argument.metavar}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _name(parameter: TyperArgument | TyperOption) -> str:
    if isinstance(parameter, TyperArgument):
        return str(parameter.metavar)
    return " ".join([*parameter.opts, *([parameter.metavar] if parameter.metavar else [])])
