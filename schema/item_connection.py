"""Lists of items: all of them, or those of any number of providers, topics or items at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.selection import selection_of
from schema.facets import ItemFacets, facets
from schema.filters import FilterArgument, ItemOrder, OrderArgument, listing_of
from schema.item_projection import page_projection
from schema.relay import After, Before, Connection, Cursors, First, Last, connection_of, window_of
from store.documents import EVERY_ITEM, Document
from store.reading.listing import Listing

if TYPE_CHECKING:
    from schema.item import Item


async def items(
    parents: Sequence[Document | None],
    info: Info,
    filter: FilterArgument = None,
    order_by: OrderArgument = ItemOrder.NEWEST,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[Document]:
    """Give each parent's page of items; the parent of all of them is the root, which is None."""
    listing = listing_of(info.context, filter, order_by)
    paging = {"first": first, "after": after, "last": last, "before": before}
    return await _connections(parents, info, listing, paging)


async def related_by(
    parents: Sequence[Document],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[Document]:
    """Give each item's page of the items that list it as related, the newest first."""
    listing = Listing(info.context.audience, through="related.ref")
    paging = {"first": first, "after": after, "last": last, "before": before}
    return await _connections(parents, info, listing, paging)


async def _connections(
    parents: Sequence[Document | None], info: Info, listing: Listing, paging: dict[str, Any]
) -> list[Document]:
    selection = selection_of(info)
    cursors = Cursors(listing, listing.sort_field)
    window = window_of(paging, cursors, selection)
    ids = [parent["_id"] if parent else EVERY_ITEM for parent in parents]
    # totalCount and facets start from these, each with a call of its own.
    connections: list[Document] = [{"parent": id_, "listing": listing} for id_ in ids]
    if selection.keys() & {"edges", "nodes", "pageInfo"}:
        projection = page_projection(selection)
        pages = await info.context.store.items.pages(ids, listing, window, projection)
        for connection, page in zip(connections, pages, strict=True):
            connection.update(connection_of(page, cursors, selection))
    return connections


async def _total_count(parents: Sequence[Document], info: Info) -> list[int]:
    ids = [connection["parent"] for connection in parents]
    return await info.context.store.items.counts(ids, parents[0]["listing"])


@strawberry.type(description="One page of a list of items, as Relay's specification has it.")
class ItemConnection(Connection[Annotated["Item", strawberry.lazy("schema.item")]]):
    """One page of a list of items."""

    total_count: int = batched(
        description="How many items the whole list has, on all its pages. To count, the whole list "
        "is looked at; ask with the first page only."
    )(_total_count)
    facets: ItemFacets = batched(
        description="The items of the whole list, on all its pages, counted by what they have in "
        "common."
    )(facets)
