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
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.scan_costs import COUNT
from schema.taxonomies import list_resolver, read_linked
from store.documents import Document

MAX_CHILDREN = 100


async def _parent(parents: Sequence[Document], info: Info) -> list[Document | None]:
    ids = [topic.get("parent") for topic in parents]
    return await read_linked(info.context.readers.topics, ids, "slug", selection_of(info))


async def _children(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    ids = [topic["_id"] for topic in parents]
    return await info.context.readers.topics.children(ids, selection_of(info), MAX_CHILDREN)


@strawberry.type(description="What items are about. Topics form a hierarchy.")
class Topic(DictObject, Node):
    """A topic as the audience sees it."""

    name: str = document_field(description="The name, such as `Computer Vision`.")
    slug: str = document_field(description="The name for use in URLs, such as `computer-vision`.")
    parent: Annotated["Topic", strawberry.lazy("schema.topic")] | None = batched(
        description="The topic one level up. Null at the top level."
    )(_parent)
    children: list[Annotated["Topic", strawberry.lazy("schema.topic")]] = batched(
        description=f"The topics one level down, by name; at most {MAX_CHILDREN}.",
        metadata=assumed_size(20),
    )(_children)
    item_count: int = document_field(
        description="How many items have this topic itself. Items of its subtopics do not count."
    )
    items: ItemConnection = batched(
        description="The items that have this topic itself, without those of its subtopics."
    )(items)


async def topic_count(parents: Sequence[Document], info: Info) -> list[int]:
    """Return the number of all topics, once for each parent."""
    count = await info.context.readers.topics.count()
    return [count for _ in parents]


@strawberry.type(description="One page of the list of topics.")
class TopicConnection(Connection[Topic]):
    total_count: int = batched(description="How many topics there are.", metadata=scan_cost(COUNT))(
        topic_count
    )


async def topics_of(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    """Return the topics of each item."""
    links = [item.get("topics") or [] for item in parents]
    ids = [link["id"] for link in chain.from_iterable(links)]
    reader = info.context.readers.topics
    found = iter(await read_linked(reader, ids, "slug", selection_of(info)))
    return [[topic for _ in link if (topic := next(found))] for link in links]


topics = list_resolver(lambda readers: readers.topics)
