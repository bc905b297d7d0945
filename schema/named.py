"""What providers and topics share: found by the ids in other documents, listed by name."""

from collections.abc import Sequence
from typing import Any

from schema.context import Context
from schema.execution.selection import Selection
from schema.filters import NamedOrder
from schema.paging import Cursors, connection_of, window_of
from store.connection import Document
from store.named import Named
from store.named import NamedOrder as StoreNamedOrder


async def find_named(
    reader: Named,
    links: Sequence[Document | None],
    key: str,
    context: Context,
    selection: Selection,
) -> list[Document | None]:
    """Give the documents that some links (`{"id": ...}`) point at, as the audience knows them.

    An id ends with the document's `key` (`domain`, `slug`): when no more is asked for than that,
    nothing is read.
    """
    if not selection.keys() - {"id", key}:
        return [link and {"_id": link["id"], key: link["id"].partition(":")[2]} for link in links]
    found = iter(
        await context.lookup(reader, selection).get([link["id"] for link in links if link])
    )
    return [link and next(found) for link in links]


async def named_connection(
    reader: Named,
    order: NamedOrder,
    paging: dict[str, Any],
    context: Context,
    selection: Selection,
) -> Document:
    """Give a page of all providers or all topics that the audience knows of."""
    stored_order = StoreNamedOrder(str(order.value))
    cursors = Cursors((context.audience, stored_order), f"sort.{stored_order}")
    window = window_of(paging, cursors, selection)
    connection: Document = {}
    if selection.keys() & {"edges", "nodes", "pageInfo"}:
        fields = {*selection.below("nodes"), *selection.below("edges", "node")}
        page = await reader.page(context.audience, stored_order, window, fields)
        connection = connection_of(page, cursors, selection)
    return connection
