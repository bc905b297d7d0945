"""Topics: what items are about, in a hierarchy."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.item_connection import ItemConnection, items
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.taxonomies import read_linked, total_count
from store.documents import Document
from store.taxonomies import TOPICS

MAX_CHILDREN = 100


async def _parent(parents: Sequence[Document], info: Info) -> list[Document | None]:
    ids = [topic.get("parent") for topic in parents]
    return await read_linked(TOPICS, ids, info, selection_of(info))


async def _children(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    ids = [topic["_id"] for topic in parents]
    reader = info.context.readers.of(TOPICS)
    return await reader.children(ids, selection_of(info), MAX_CHILDREN)


@strawberry.type(description="What items are about. Topics form a hierarchy.")
class Topic(DictObject, Node):
    """A topic as the audience sees it."""

    name: str = document_field(description="The name, such as `Computer Vision`.")
    slug: str = document_field(description="The name for use in URLs, such as `computer-vision`.")
    parent: Annotated["Topic", strawberry.lazy("schema.topic")] | None = batched(
        description="The topic one level up. Null at the top level."
    )(_parent)
    children: list[Annotated["Topic", strawberry.lazy("schema.topic")]] | None = batched(
        description=f"The topics one level down, by name; at most {MAX_CHILDREN}.",
        metadata=assumed_size(20),
    )(_children)
    item_count: int = document_field(
        description="How many items have this topic itself. Items of its subtopics do not count."
    )
    items: ItemConnection | None = batched(
        description="The items that have this topic itself, without those of its subtopics."
    )(items)


@strawberry.type(description="One page of the list of topics.")
class TopicConnection(Connection[Topic]):
    total_count: int | None = total_count(TOPICS)
