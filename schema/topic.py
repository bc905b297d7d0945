"""Topics: what items are about, in a hierarchy."""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.item_connection import ItemConnection, items
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.taxonomies import all_named, find_named
from store.documents import Document

MAX_CHILDREN = 100


async def _parent(parents: Sequence[Document], info: Info) -> list[Document | None]:
    links = [{"id": topic["parent"]} if "parent" in topic else None for topic in parents]
    reader = info.context.store.topics
    return await find_named(reader, links, "slug", info.context, selection_of(info))


async def _children(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    ids = [topic["_id"] for topic in parents]
    reader, audience = info.context.store.topics, info.context.audience
    return await reader.children(ids, audience, selection_of(info), MAX_CHILDREN)


@strawberry.type(description="What items are about. A topic may stand below another.")
class Topic(DictObject, Node):
    """A topic as its audience knows it."""

    name: str = document_field(description="Its name, such as `Computer Vision`.")
    slug: str = document_field(description="Its name for URLs, such as `computer-vision`.")
    parent: Annotated["Topic", strawberry.lazy("schema.topic")] | None = batched(
        description="The topic right above it; null at the top."
    )(_parent)
    children: list[Annotated["Topic", strawberry.lazy("schema.topic")]] = batched(
        description=f"The topics right below it by name, at most {MAX_CHILDREN}.",
        metadata=assumed_size(20),
    )(_children)
    item_count: int = document_field(
        description="How many items have this topic itself, not counting the topics below it."
    )
    items: ItemConnection = batched(
        description="The items that have this topic itself, not those of the topics below it."
    )(items)


async def topic_count(parents: Sequence[Document], info: Info) -> list[int]:
    """Give the number of all topics, once for each parent."""
    count = await info.context.store.topics.count(info.context.audience)
    return [count for _ in parents]


@strawberry.type(description="One page of the list of topics.")
class TopicConnection(Connection[Topic]):
    """One page of the list of topics."""

    total_count: int = batched(description="How many topics there are.")(topic_count)


async def topics_of(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    """Give the topics of items."""
    links = [item.get("topics") or [] for item in parents]
    flat = list(chain.from_iterable(links))
    reader = info.context.store.topics
    found = iter(await find_named(reader, flat, "slug", info.context, selection_of(info)))
    return [[topic for _ in link if (topic := next(found))] for link in links]


topics = all_named(lambda store: store.topics)
