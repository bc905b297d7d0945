"""Relay in this graph: Node, connections and their edges, the paging arguments, cursors."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from schema.errors import bad_input
from schema.execution.documents import document_field
from schema.execution.selection import Selection
from store.documents import Document
from store.reading.pages import Page, Window

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most this many, from the start or from `after`: 0 to {MAX_PAGE_SIZE}, and "
        f"{PAGE_SIZE} if neither `first` nor `last` is given."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="Only what comes after this cursor, such as the `endCursor` of the page "
        "before. It must come from the same list: the same `orderBy` and `filter`."
    ),
]
Last = Annotated[
    int | None,
    strawberry.argument(
        description="At most this many, from the end or from `before`, in the list's order: 0 to "
        f"{MAX_PAGE_SIZE}. Not together with `first`."
    ),
]
Before = Annotated[
    str | None,
    strawberry.argument(
        description="Only what comes before this cursor, such as the `startCursor` of the page "
        "after. It must come from the same list: the same `orderBy` and `filter`."
    ),
]


@strawberry.type(description="Where a page lies in its list, as Relay's specification has it.")
class PageInfo:
    """The `pageInfo` of every connection."""

    has_next_page: bool = document_field(
        description="Whether the list goes on after this page; exact, also when paging backward."
    )
    has_previous_page: bool = document_field(
        description="Whether the list has more before this page; exact, also when paging forward."
    )
    start_cursor: str | None = document_field(
        description="The first entry's cursor: give it as `before` to page backward. Null on an "
        "empty page."
    )
    end_cursor: str | None = document_field(
        description="The last entry's cursor: give it as `after` to page forward. Null on an empty "
        "page."
    )


NodeType = TypeVar("NodeType")


@strawberry.type(description="A place in a list: an object and the cursor that finds it again.")
class Edge(Generic[NodeType]):
    """One entry of a connection."""

    node: NodeType = document_field(description="The object.")
    cursor: str = document_field(
        description="This place in the list: give it as `after` or `before`. It stays good when "
        "items arrive, and when this one goes."
    )


@strawberry.type(description="One page of a list, as Relay's specification has it.")
class Connection(Generic[NodeType]):
    """One page of a list."""

    edges: list[Edge[NodeType]] = document_field(
        description="The page's objects, each with its cursor."
    )
    nodes: list[NodeType] = document_field(
        description="The page's objects alone: shorter, where `pageInfo`'s cursors are enough."
    )
    page_info: PageInfo = document_field(description="Where the page lies in its list.")


class Cursors:
    """The cursors of one list: a sort key each, with a mark that tells them from another list's.

    `listing` is all that makes the list: audience, filter and order. `field` is the path of the
    sort key in the list's documents.
    """

    def __init__(self, listing: object, field: str) -> None:
        self._mark = hashlib.blake2b(repr(listing).encode(), digest_size=4).hexdigest()
        self._path = field.split(".")

    def of(self, document: Any) -> str:
        """Give a document's cursor."""
        for name in self._path:
            document = document[name]
        return base64.urlsafe_b64encode(f"{self._mark}{document}".encode()).decode().rstrip("=")

    def key(self, argument: str, cursor: str | None) -> str | None:
        """Give the sort key that a cursor holds. Raises ApiError for a cursor of another list."""
        if cursor is None:
            return None
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        except ValueError:  # no base64, or no text within
            text = ""
        if not text.startswith(self._mark):
            raise bad_input(
                f"`{argument}` is no cursor of this list: use an `endCursor`, `startCursor` or "
                "`cursor` that the same list gave you, with the same `orderBy` and `filter`."
            )
        return text.removeprefix(self._mark)


def window_of(paging: Mapping[str, Any], cursors: Cursors, selection: Selection) -> Window:
    """Turn `first`, `after`, `last` and `before` into the window of a list.

    Raises ApiError for arguments that make no page.
    """
    first, last = paging["first"], paging["last"]
    if first is not None and last is not None:
        raise bad_input("Give `first` or `last`, not both: a page has one end to count from.")
    name, limit = ("first", first) if last is None else ("last", last)
    if limit is None:
        limit = PAGE_SIZE
    if not 0 <= limit <= MAX_PAGE_SIZE:
        onward = "`after: endCursor`" if name == "first" else "`before: startCursor`"
        remedy = f"ask for fewer, and for the next page with {onward}" if limit > 0 else "give more"
        raise bad_input(
            f"`{name}` is {limit}, but a page has 0 to {MAX_PAGE_SIZE} entries: {remedy}."
        )
    info = selection.below("pageInfo")
    return Window(
        limit,
        after=cursors.key("after", paging["after"]),
        before=cursors.key("before", paging["before"]),
        backward=last is not None,
        wants_previous="hasPreviousPage" in info,
        wants_next="hasNextPage" in info,
    )


def connection_of(page: Page, cursors: Cursors, selection: Selection) -> Document:
    """Give a connection's document, with the parts that the selection asks for."""
    nodes = page.documents
    connection: Document = {"nodes": nodes}
    if "edges" in selection:
        connection["edges"] = [{"node": node, "cursor": cursors.of(node)} for node in nodes]
    if "pageInfo" in selection:
        connection["pageInfo"] = {
            "hasNextPage": page.has_next,
            "hasPreviousPage": page.has_previous,
            "startCursor": cursors.of(nodes[0]) if nodes else None,
            "endCursor": cursors.of(nodes[-1]) if nodes else None,
        }
    return connection


_TYPES = {"item": "Item", "provider": "Provider", "topic": "Topic"}


def kind_of(id_: str) -> str:
    """Give the kind of thing an id names: `item`, `provider`, `topic`, or something unknown."""
    return id_.partition(":")[0]


@strawberry.interface(
    description="Anything with an id that stays: give it to `node` to find the object again."
)
class Node:
    """Relay's Object Identification: https://relay.dev/graphql/objectidentification.htm."""

    id: strawberry.ID = document_field(
        description="The object's id, unique in the whole graph and the same after every load.",
        key="_id",
    )

    @classmethod
    def resolve_type(
        cls, document: Document, info: GraphQLResolveInfo[Any], type_: GraphQLAbstractType
    ) -> str:
        """Tell a document's type by its id."""
        return _TYPES[kind_of(document["_id"])]
