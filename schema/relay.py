"""Relay in this graph: Node, connections and their edges, the paging arguments."""

from typing import Annotated, Generic, NamedTuple, TypedDict, TypeVar

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from schema.context import Context
from schema.cursors import Cursors
from schema.errors import bad_input
from schema.execution.documents import document_field
from schema.execution.selection import Selection
from schema.limits.limits import Limits
from store.documents import Document
from store.ids import kind_in
from store.reading.listing import Listing
from store.reading.pages import Page, Window

PAGE_SIZE, MAX_PAGE_SIZE = Limits().page_size, Limits().max_page_size

First = Annotated[
    int | None,
    strawberry.argument(
        description="The maximum number of entries, from the start or after `after`: 0 to "
        f"{MAX_PAGE_SIZE}. The default is {PAGE_SIZE}, unless `last` is given."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="Return entries after this cursor, such as the previous page's `endCursor`. It "
        "must come from the same list, with the same `orderBy` and `filter`."
    ),
]
Last = Annotated[
    int | None,
    strawberry.argument(
        description="The maximum number of entries, from the end or before `before`, still in the "
        f"list's order: 0 to {MAX_PAGE_SIZE}. Cannot be combined with `first`."
    ),
]
Before = Annotated[
    str | None,
    strawberry.argument(
        description="Return entries before this cursor, such as the next page's `startCursor`. It "
        "must come from the same list, with the same `orderBy` and `filter`."
    ),
]


class Paging(NamedTuple):
    """The paging arguments of a connection field."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None


@strawberry.type(description="Where a page is in its list, as the Relay specification defines it.")
class PageInfo:
    """The `pageInfo` of every connection."""

    has_next_page: bool = document_field(
        description="Whether the list continues after this page. Exact in both directions."
    )
    has_previous_page: bool = document_field(
        description="Whether the list has entries before this page. Exact in both directions."
    )
    start_cursor: str | None = document_field(
        description="The first entry's cursor: pass it as `before` to page backward. Null if the "
        "page is empty."
    )
    end_cursor: str | None = document_field(
        description="The last entry's cursor: pass it as `after` to page forward. Null if the page "
        "is empty."
    )


NodeType = TypeVar("NodeType")


@strawberry.type(description="An entry of a list: an object and its cursor.")
class Edge(Generic[NodeType]):
    """One entry of a connection."""

    node: NodeType = document_field(description="The object.")
    cursor: str = document_field(
        description="The entry's position in the list: pass it as `after` or `before`. It stays "
        "valid when items are added, and when this one is deleted."
    )


@strawberry.type(description="One page of a list, as the Relay specification defines it.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]] = document_field(
        description="The objects of the page, each with its cursor."
    )
    nodes: list[NodeType] = document_field(
        description=(
            "The objects of the page without their cursors. For paging, the cursors in `pageInfo` "
            "are enough."
        )
    )
    page_info: PageInfo = document_field(description="Where the page is in its list.")


PAGE_FIELDS = frozenset({"edges", "nodes", "pageInfo"})
"""The fields of a connection for which the page is read."""

_CURSORS = {"startCursor": 0, "endCursor": -1}  # of which of the page's documents


class ConnectionDocument(TypedDict, total=False):
    """The parts of a connection that are selected."""

    nodes: list[Document]
    edges: list[dict[str, object]]
    pageInfo: dict[str, object]


class ListDocument(ConnectionDocument):
    """The connection of a list of items, from which `totalCount` and `facets` start."""

    parent: str
    listing: Listing


def window_of(paging: Paging, cursors: Cursors, selection: Selection) -> Window:
    """Return the part of a list that the arguments ask for.

    Raises ApiError for arguments that cannot be used.
    """
    first, after, last, before = paging
    if first is not None and last is not None:
        raise bad_input("Pass either `first` or `last`, not both.")
    name, limit = ("first", first) if last is None else ("last", last)
    if limit is None:
        limit = PAGE_SIZE
    if not 0 <= limit <= MAX_PAGE_SIZE:
        message = f"`{name}` is {limit}, but must be from 0 to {MAX_PAGE_SIZE}"
        if limit > MAX_PAGE_SIZE:
            onward = "`after: endCursor`" if name == "first" else "`before: startCursor`"
            message += f". Request fewer, then the next page with {onward}"
        raise bad_input(f"{message}.")
    page_info = selection.below("pageInfo")
    has_cursors = "cursor" in selection.below("edges")
    return Window(
        limit,
        after=cursors.key("after", after),
        before=cursors.key("before", before),
        backward=last is not None,
        wants_previous="hasPreviousPage" in page_info,
        wants_next="hasNextPage" in page_info,
        wants_keys=has_cursors or not _CURSORS.keys().isdisjoint(page_info),
    )


def connection_of(page: Page, cursors: Cursors, selection: Selection) -> ConnectionDocument:
    """Return a connection's document, with the parts that the selection asks for."""
    nodes = page.documents
    connection: ConnectionDocument = {"nodes": nodes}
    if "edges" in selection:
        cursor_of = cursors.of if "cursor" in selection.below("edges") else _no_cursor
        connection["edges"] = [{"node": node, "cursor": cursor_of(node)} for node in nodes]
    if "pageInfo" in selection:
        connection["pageInfo"] = _page_info(page, cursors, selection.below("pageInfo"))
    return connection


def _no_cursor(_: Document) -> None:
    """Stand for a cursor that nobody asks for."""


def _page_info(page: Page, cursors: Cursors, selection: Selection) -> dict[str, object]:
    found: dict[str, object] = {
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
    }
    bounds = page.bounds
    for name, index in _CURSORS.items():
        if name in selection:
            found[name] = cursors.of(bounds[index]) if bounds else None
    return found


@strawberry.interface(
    description="An object with a permanent id. Pass the id to `node` to fetch the object again."
)
class Node:
    """Relay's Object Identification: https://relay.dev/graphql/objectidentification.htm."""

    id: strawberry.ID = document_field(
        description="The object's id: unique in the whole graph, and the same after every load.",
        key="_id",
    )

    @classmethod
    def resolve_type(
        cls, document: Document, _info: GraphQLResolveInfo[Context], _type: GraphQLAbstractType
    ) -> str:
        """Return the name of a document's type: the kind that its id begins with."""
        return kind_in(document["_id"]).capitalize()
