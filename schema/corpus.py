"""The corpus: everything that is loaded, in numbers."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.provider import provider_count
from schema.topic import topic_count
from store.documents import EVERY_ITEM, Document
from store.reading.listing import ItemOrder, Listing
from store.reading.pages import Window


async def _item_count(parents: Sequence[Document], info: Info) -> list[int]:
    listing = Listing(info.context.audience)
    return await info.context.store.items.counts([EVERY_ITEM for _ in parents], listing)


async def _newest(parents: Sequence[Document], info: Info) -> list[datetime | None]:
    return await _first_date(parents, info, ItemOrder.NEWEST)


async def _oldest(parents: Sequence[Document], info: Info) -> list[datetime | None]:
    return await _first_date(parents, info, ItemOrder.OLDEST)


async def _first_date(
    parents: Sequence[Document], info: Info, order: ItemOrder
) -> list[datetime | None]:
    listing = Listing(info.context.audience, order=order)
    fields = {"publishedDateTime": 1}
    (page,) = await info.context.store.items.pages([EVERY_ITEM], listing, Window(1), fields)
    date = page.documents[0].get("publishedDateTime") if page.documents else None
    return [date for _ in parents]


@strawberry.type(description="Everything that is loaded and that you may see, in numbers.")
class Corpus:
    """Its document is the corpus's state."""

    item_count: int = batched(description="How many items there are.")(_item_count)
    provider_count: int = batched(description="How many providers there are.")(provider_count)
    topic_count: int = batched(description="How many topics there are.")(topic_count)
    newest: datetime | None = batched(
        description="When the newest item was published; null if none has a date."
    )(_newest)
    oldest: datetime | None = batched(
        description="When the oldest item was published; null if none has a date."
    )(_oldest)
    version: int = document_field(
        description="Moves whenever a load changes something: the same version, the same answers."
    )
    updated_date_time: datetime | None = document_field(
        description="When a load last changed something; null before."
    )


async def corpus(parents: Sequence[Document | None], info: Info) -> list[Document]:
    """Give the corpus's state, if any of it is asked for."""
    if not selection_of(info).keys() & {"version", "updatedDateTime"}:
        return [{} for _ in parents]
    state = await info.context.store.state()
    return [dict(state) for _ in parents]
