"""Lists of items: all of them, or those of any number of other objects at once."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.cursors import Cursors
from schema.execution.batched import batched
from schema.execution.selection import selection_of
from schema.facets import ItemFacets, facets
from schema.filters import FilterArgument
from schema.item_projection import page_projection
from schema.limits.scans import scan_cost
from schema.listings import listing_of, unknown_values, with_topics
from schema.orders import OrderArgument
from schema.relay import (
    PAGE_FIELDS,
    After,
    Before,
    Connection,
    First,
    Last,
    ListDocument,
    Paging,
    connection_of,
    window_of,
)
from schema.scan_costs import COUNT
from schema.warnings import warn_of_unknown
from store.documents import Document
from store.labels import EVERY_ITEM
from store.orders import ItemOrder
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
) -> list[ListDocument]:
    """Return a page of each parent's items. The root, which is None, has all items."""
    listing = listing_of(info.context, filter, order_by)
    if listing.conditions.under_topics:
        listing = await with_topics(info.context, listing)
    unknown = unknown_values(info.context, filter) if filter else []
    connections = _connections(parents, info, listing, Paging(first, after, last, before))
    if not unknown:
        return await connections
    found, _ = await asyncio.gather(connections, warn_of_unknown(info.context, unknown))
    return found


async def related_by(
    parents: Sequence[Document],
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[ListDocument]:
    """Return, for each item, a page of the items that name it as related, newest first."""
    listing = Listing(info.context.audience, parent_field="related.ref")
    return await _connections(parents, info, listing, Paging(first, after, last, before))


async def _connections(
    parents: Sequence[Document | None], info: Info, listing: Listing, paging: Paging
) -> list[ListDocument]:
    selection = selection_of(info)
    cursors = Cursors(listing, _edition(info, listing))
    window = window_of(paging, cursors, selection)
    if cursors.stale:
        info.context.warnings.add(
            cursors.stale,
            getattr(paging, cursors.stale),
            "The corpus has changed since this cursor was made. By RELEVANCE, items may repeat or "
            f"be missing after that: for an exact list, begin again without `{cursors.stale}`.",
        )
    ids = [parent["_id"] if parent else EVERY_ITEM for parent in parents]
    if PAGE_FIELDS.isdisjoint(selection):
        return [{"parent": id_, "listing": listing} for id_ in ids]
    projection = page_projection(selection)
    pages = await info.context.readers.items.pages(ids, listing, window, projection)
    return [
        {"parent": id_, "listing": listing, **connection_of(page, cursors, selection)}
        for id_, page in zip(ids, pages, strict=True)
    ]


def _edition(info: Info, listing: Listing) -> str:
    """Return the edition of the index that a list's sort keys are of; empty for stored keys."""
    if listing.order is not ItemOrder.RELEVANCE:
        return ""
    return info.context.store.edition(listing.audience)


async def _total_count(parents: Sequence[ListDocument], info: Info) -> list[int]:
    ids = [connection["parent"] for connection in parents]
    return await info.context.readers.items.counts(ids, parents[0]["listing"])


async def _did_you_mean(parents: Sequence[ListDocument], info: Info) -> list[str | None]:
    index, listing = info.context.readers.search, parents[0]["listing"]
    if index is None or listing.conditions.search is None:
        return [None for _ in parents]
    search = await index.for_words(listing.audience)
    meant = await search.did_you_mean(listing)
    return [meant for _ in parents]


@strawberry.type(description="One page of a list of items, as the Relay specification defines it.")
class ItemConnection(Connection[Annotated["Item", strawberry.lazy("schema.item")]]):
    total_count: int | None = batched(
        description="How many items the whole list has, on all pages. Counting reads the whole "
        "list: request it with the first page only.",
        metadata=scan_cost(COUNT),
    )(_total_count)
    did_you_mean: str | None = batched(
        description=(
            "`filter.search` with its probable typos corrected, if that finds more items. Null "
            "without a search, or if the server has no search index."
        ),
        metadata=scan_cost(COUNT),
    )(_did_you_mean)
    facets: ItemFacets | None = batched(
        description=(
            "Counts of the items of the whole list, on all pages: by category, by topic, by month "
            "and so on."
        )
    )(facets)
