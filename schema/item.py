"""Items, and the related entries that they embed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.image import Image, Secured
from schema.item_connection import ItemConnection, related_by
from schema.item_projection import item_projection
from schema.limits.sizes import assumed_size
from schema.provider import Provider, provider_of
from schema.relay import MAX_PAGE_SIZE, Node
from schema.scalars import JSON, URL
from schema.topic import Topic, topics_of
from store.audience import Audience
from store.documents import Document

FirstEmbedded = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most this many, from the start: 0 to {MAX_PAGE_SIZE}; all if absent."
    ),
]


def _images(
    parents: Sequence[Document], info: Info, first: FirstEmbedded = None
) -> list[list[Document]]:
    return _embedded("images", parents, first)


def _related(
    parents: Sequence[Document], info: Info, first: FirstEmbedded = None
) -> list[list[Document]]:
    return _embedded("related", parents, first)


def _embedded(key: str, parents: Sequence[Document], first: int | None) -> list[list[Document]]:
    if first is not None and not 0 <= first <= MAX_PAGE_SIZE:
        raise bad_input(
            f"`first` is {first}: give 0 to {MAX_PAGE_SIZE}, or leave it out for all of them."
        )
    return [parent.get(key, [])[:first] for parent in parents]


async def _linked_item(parents: Sequence[Document], info: Info) -> list[Document | None]:
    refs = list(dict.fromkeys(entry["ref"] for entry in parents if "ref" in entry))
    if not refs:
        return [None] * len(parents)
    projection = item_projection(selection_of(info))
    found = await info.context.store.items.get(refs, info.context.audience, projection)
    by_id = dict(zip(refs, found, strict=True))
    return [by_id.get(entry.get("ref", "")) for entry in parents]


def _byline(parents: Sequence[Document], info: Info) -> list[str | None]:
    return [(parent.get("provider") or {}).get("name") for parent in parents]


def _editors_only(key: str) -> Callable[..., Any]:
    def resolve(parents: Sequence[Document], info: Info) -> list[Any]:
        if info.context.audience is Audience.PUBLIC:
            return [None] * len(parents)
        return [parent.get(key) for parent in parents]

    resolve.__name__ = key
    return resolve


@strawberry.type(
    description="An entry that an item names as related, in the item's own words. It may lead to "
    "an item that is here (`item`), or to a page elsewhere."
)
class RelatedItem:
    """Read from a RelatedDocument."""

    title: str = document_field(description="Its headline.")
    excerpt: str | None = document_field(description="Its first words, or a summary.")
    type: str | None = document_field(description="What it is, such as `article` or `video`.")
    web_url: URL | None = document_field(description="Where to read it.")
    amp_web_url: URL | None = document_field(
        description="Its page in the AMP format, for fast reading on phones."
    )
    cdn_amp_web_url: URL | None = document_field(
        description="The same AMP page, served by a cache."
    )
    published_date_time: datetime | None = document_field(description="When it was published.")
    quality: int | None = document_field(
        description="How good it is, as its file rates it; greater is better."
    )
    heat: int | None = document_field(
        description="How much it is talked about, as its file rates it; greater is more."
    )
    provider: Provider | None = batched(description="Who published it.")(provider_of)
    byline: str | None = batched(description="Its provider's name as the entry spells it.")(_byline)
    images: list[Image] = batched(description="Its pictures.", metadata=assumed_size(2))(_images)
    item: Annotated["Item", strawberry.lazy("schema.item")] | None = batched(
        description="The item that `webUrl` leads to; null if it is not here, or not for you."
    )(_linked_item)


@strawberry.type(description="A news item: an article, a video, a course, a profile …")
class Item(DictObject, Node):
    """Read from an ItemDocument."""

    title: str = document_field(description="Its headline; the name, if it is a person.")
    excerpt: str | None = document_field(description="Its first words, or a summary.")
    body: str | None = document_field(
        description="Its text, in Markdown or HTML as it came: sanitize it before showing it."
    )
    category: str | None = document_field(
        description="Its section, such as `news`. A filter takes it as it is spelled here."
    )
    type: str | None = document_field(description="What it is, such as `article` or `video`.")
    locale: str | None = document_field(description="Its language and region, such as `en-us`.")
    web_url: URL | None = document_field(description="Where to read it.")
    amp_web_url: URL | None = document_field(
        description="Its page in the AMP format, for fast reading on phones."
    )
    cdn_amp_web_url: URL | None = document_field(
        description="The same AMP page, served by a cache."
    )
    original_url: URL | None = document_field(
        description="Where it first appeared, if that was elsewhere."
    )
    published_date_time: datetime | None = document_field(description="When it was published.")
    updated_date_time: datetime | None = document_field(description="When it was last changed.")
    quality: int | None = document_field(
        description="How good it is, as its file rates it; greater is better."
    )
    heat: int | None = document_field(
        description="How much it is talked about, as its file rates it; greater is more."
    )
    published: bool = document_field(
        description="Whether everybody may see it; always true unless you are an editor."
    )
    provider: Provider | None = batched(description="Who published it.")(provider_of)
    byline: str | None = batched(
        description=(
            "Its provider's name as the item spells it, such as a desk or a column; "
            "`provider.name` is the same for all items of a domain."
        )
    )(_byline)
    topics: list[Topic] = batched(
        description="What it is about, in its own order.", metadata=assumed_size(4)
    )(topics_of)
    tags: list[str] = document_field(description="Its tags, as its file has them.")
    images: list[Image] = batched(
        description="Its pictures, in its own order: the first is the most important.",
        metadata=assumed_size(4),
    )(_images)
    related: list[RelatedItem] = batched(
        description="The entries that it names as related, in its own order; also those that are "
        "not items here.",
        metadata=assumed_size(4),
    )(_related)
    related_by: ItemConnection = batched(
        description="The items that name this one as related, the newest first."
    )(related_by)
    secured: Secured | None = batched(
        description="A payload that only its publisher can open. For editors; null to others."
    )(_editors_only("secured"))
    extra: JSON | None = batched(
        description="What its file has that no field takes. For editors; null to others."
    )(_editors_only("extra"))
    path: str | None = batched(
        description="Its file, from the folder that was loaded. For editors; null to others."
    )(_editors_only("path"))
