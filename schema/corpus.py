"""The corpus: counts and dates of everything that is loaded."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.limits.scans import scan_cost
from schema.scan_costs import COUNT
from schema.taxonomies import total_count
from store.documents import Document
from store.labels import EVERY_ITEM
from store.orders import ItemOrder
from store.reading.listing import Listing
from store.reading.pages import Window
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS


async def _item_count(parents: Sequence[Document], info: Info) -> list[int]:
    listing = Listing(info.context.audience)
    return await info.context.readers.items.counts([EVERY_ITEM for _ in parents], listing)


async def _newest(parents: Sequence[Document], info: Info) -> list[datetime | None]:
    return await _first_date(parents, info, ItemOrder.NEWEST)


async def _oldest(parents: Sequence[Document], info: Info) -> list[datetime | None]:
    return await _first_date(parents, info, ItemOrder.OLDEST)


async def _first_date(
    parents: Sequence[Document], info: Info, order: ItemOrder
) -> list[datetime | None]:
    listing = Listing(info.context.audience, order=order)
    fields = {"publishedDateTime": 1}
    (page,) = await info.context.readers.items.pages([EVERY_ITEM], listing, Window(1), fields)
    date = page.documents[0].get("publishedDateTime") if page.documents else None
    return [date for _ in parents]


@strawberry.type(description="Counts and dates of everything you may see.")
class Corpus:
    """Its document is the store's CorpusState."""

    item_count: int | None = batched(
        description="How many items there are.", metadata=scan_cost(COUNT)
    )(_item_count)
    provider_count: int | None = total_count(PROVIDERS)
    topic_count: int | None = total_count(TOPICS)
    author_count: int | None = total_count(AUTHORS)
    newest: datetime | None = batched(
        description="When the newest item was published. Null if no item has a date."
    )(_newest)
    oldest: datetime | None = batched(
        description="When the oldest item was published. Null if no item has a date."
    )(_oldest)
    version: int = document_field(
        description=(
            "Changes whenever data changes. As long as it stays the same, so do all responses."
        )
    )
    updated_date_time: datetime | None = document_field(
        description="When data last changed. Null before the first load."
    )


async def corpus(parents: Sequence[Document | None], info: Info) -> list[Document]:
    """Return the corpus's state, read only if a field of it is selected."""
    if {"version", "updatedDateTime"}.isdisjoint(selection_of(info)):
        return [{} for _ in parents]
    state = await info.context.store.state()
    return [dict(state) for _ in parents]
