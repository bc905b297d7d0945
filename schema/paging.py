"""Relay's paging arguments, its cursors, and PageInfo."""

import base64
import binascii
import hashlib
from typing import Annotated, Any

import strawberry

from schema.errors import ApiError, bad_input
from schema.execution.documents import document_field
from schema.execution.selection import Selection
from store.connection import Document
from store.pages import Page, Window

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most this many from the start: 0 to {MAX_PAGE_SIZE}; else {PAGE_SIZE}."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(description="Only what comes after this cursor of the same list."),
]
Last = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most this many, from the end: 0 to {MAX_PAGE_SIZE}. Not with `first`."
    ),
]
Before = Annotated[
    str | None,
    strawberry.argument(description="Only what comes before this cursor of the same list."),
]


@strawberry.type(description="Where a page lies in its list, as Relay's specification has it.")
class PageInfo:
    """The `pageInfo` of every connection."""

    has_next_page: bool = document_field(description="Whether there is more after this page.")
    has_previous_page: bool = document_field(description="Whether there is more before this page.")
    start_cursor: str | None = document_field(
        description="The first entry's cursor: give it as `before` to page backward."
    )
    end_cursor: str | None = document_field(
        description="The last entry's cursor: give it as `after` to page forward."
    )


def window_of(paging: dict[str, Any], listing: object, selection: Selection) -> Window:
    """Turn `first`, `after`, `last` and `before` into the window of a list.

    `listing` is what makes the list (its order and filter); a cursor of another is refused.
    Raises ApiError for arguments that make no page.
    """
    first, last = paging["first"], paging["last"]
    if first is not None and last is not None:
        raise bad_input("Give `first` or `last`, not both: a page has one end to count from.")
    limit = next((size for size in (first, last) if size is not None), PAGE_SIZE)
    if limit < 0 or limit > MAX_PAGE_SIZE:
        name = "first" if last is None else "last"
        raise bad_input(
            f"`{name}` is {limit}, but a page has 0 to {MAX_PAGE_SIZE} entries: "
            "ask for fewer, and for the next page with `after: endCursor`."
        )
    info = selection.below("pageInfo")
    return Window(
        limit,
        after=_key(paging["after"], listing, "after"),
        before=_key(paging["before"], listing, "before"),
        backward=last is not None,
        wants_previous="hasPreviousPage" in info,
        wants_next="hasNextPage" in info,
    )


def connection_of(page: Page, listing: object, sort_field: str, selection: Selection) -> Document:
    """Give a connection's document, with the parts that the selection asks for.

    `sort_field` is the path of the sort key in the page's documents.
    """
    connection: Document = {"nodes": page.documents}
    mark, path = _mark(listing), sort_field.split(".")
    if "edges" in selection:
        connection["edges"] = [
            {"node": node, "cursor": _cursor(node, path, mark)} for node in page.documents
        ]
    if "pageInfo" in selection:
        ends = page.documents[:1] + page.documents[-1:]
        start, end = (_cursor(node, path, mark) for node in ends) if ends else (None, None)
        connection["pageInfo"] = {
            "hasNextPage": page.has_next,
            "hasPreviousPage": page.has_previous,
            "startCursor": start,
            "endCursor": end,
        }
    return connection


def _mark(listing: object) -> str:
    """Give a few letters that tell this list's cursors from those of another."""
    return hashlib.blake2b(repr(listing).encode(), digest_size=4).hexdigest()


def _cursor(document: Any, path: list[str], mark: str) -> str:
    for name in path:
        document = document[name]
    return base64.urlsafe_b64encode(f"{mark}{document}".encode()).decode().rstrip("=")


def _key(cursor: str | None, listing: object, argument: str) -> str | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _no_cursor(argument) from None
    mark = _mark(listing)
    if not text.startswith(mark):
        raise _no_cursor(argument)
    return text.removeprefix(mark)


def _no_cursor(argument: str) -> ApiError:
    return bad_input(
        f"`{argument}` is no cursor of this list: use an `endCursor`, `startCursor` or `cursor` "
        "that the same list gave, with the same `orderBy` and `filter`."
    )
