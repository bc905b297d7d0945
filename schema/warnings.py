"""Warnings: what a query may have got wrong although it could be executed.

They are in the response's `extensions.warnings`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypedDict

from schema.limits.messages import shortened

if TYPE_CHECKING:
    from schema.context import Context
    from schema.listings import Wanted

MAX_WARNINGS: Final = 100
"""Warnings of one response: a query may have a thousand lists of fifty values."""


class QueryWarning(TypedDict):
    """A warning as the response has it; `argument` is where to look, `value` what is in doubt."""

    message: str
    argument: str
    value: str


class Warnings:
    """The warnings of one request, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], QueryWarning] = {}

    def __iter__(self) -> Iterator[QueryWarning]:
        return iter(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, argument: str, value: object, message: str) -> None:
        """Add a warning about a value, unless there are too many already."""
        text = shortened(str(value))
        if len(self._found) < MAX_WARNINGS:
            warning: QueryWarning = {"message": message, "argument": argument, "value": text}
            self._found.setdefault((argument, text), warning)


async def warn_of_unknown(context: "Context", wanted: "list[Wanted]") -> None:
    """Add a warning for each value of a filter that no item has."""
    known = await context.readers.labels.spellings(each.label for each in wanted)
    for argument, value, label in wanted:
        if label not in known:
            context.warnings.add(
                argument, value, f"No item has this value, so it finds nothing in `{argument}`."
            )
