"""Cursors: where an entry is in a list, as text that only the list itself understands."""

import base64
import hashlib
import re
from functools import cached_property
from typing import Final, Protocol

from schema.errors import bad_input
from schema.names import bounded
from store.documents import Document

MAX_CURSOR_LENGTH: Final = 16_384
"""Characters of a cursor: it has an object's sort key, which ends with its name and its id."""

_MARKED = re.compile("[0-9a-f]{8}.")


class SortedList(Protocol):
    """A list that is read in pages."""

    @property
    def key(self) -> str:
        """Identifies the list, by its audience, filter and order."""

    @property
    def sort_field(self) -> str:
        """The path of the sort key in the list's documents."""


class Cursors:
    """The cursors of one list: sort keys, with a mark that identifies the list.

    If the sort keys are those of an edition of an index only, the cursors name it as well.
    """

    def __init__(self, sorted_list: SortedList, edition: str = "") -> None:
        self._list = sorted_list
        self._edition = _digest(edition) if edition else ""
        self.stale: str | None = None
        """The argument with a cursor of another edition, if there was one."""

    @cached_property
    def _mark(self) -> str:
        return _digest(f"{self._list.key}|indexed" if self._edition else self._list.key)

    @cached_property
    def _path(self) -> list[str]:
        return self._list.sort_field.split(".")

    def of(self, document: Document) -> str:
        """Return a document's cursor."""
        value: object = document
        for name in self._path:
            value = value[name]  # type: ignore[index]
        text = f"{self._mark}{self._edition}{value}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def key(self, argument: str, cursor: str | None) -> str | None:
        """Return the sort key in a cursor. Raises ApiError for a cursor of another list."""
        if cursor is None:
            return None
        bounded(cursor, MAX_CURSOR_LENGTH, argument)
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        except ValueError:  # not base64, or not text inside
            text = ""
        if not text.startswith(self._mark):
            raise bad_input(_wrong_cursor(argument, text))
        key = text.removeprefix(self._mark)
        if not key.startswith(self._edition):
            self.stale = argument
        return key[len(self._edition) :]


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _wrong_cursor(argument: str, text: str) -> str:
    """Return the message about a cursor with a text that does not have the list's mark."""
    if _MARKED.match(text):
        return (
            f"`{argument}` is a cursor from another list, or from this list with another "
            f"`orderBy`, `filter` or token. Start again at the first page: leave `{argument}` out."
        )
    return (
        f"`{argument}` is not a cursor: pass an `endCursor`, `startCursor` or `cursor` that this "
        f"list returned, or leave `{argument}` out for the first page."
    )
