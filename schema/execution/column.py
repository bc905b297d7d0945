"""Columns: one field's completed values for all objects of a scope, with their errors."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from schema.execution.errors import NO_ERRORS, FieldErrors


class Column(NamedTuple):
    """One field's completed values; `has_nulls` says whether None is among them."""

    values: Sequence[object]
    has_nulls: bool
    errors: FieldErrors = NO_ERRORS

    def finish(self) -> "Column":
        """Return the column itself: it waits for no objects."""
        return self


class Pending(Protocol):
    """A column whose objects may not have their rows yet."""

    def finish(self) -> Column:
        """Return the completed column. Everything below it must be complete."""
