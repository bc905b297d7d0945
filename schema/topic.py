"""Topics: what items are about, in a hierarchy."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.item_connection import ItemConnection, items
from schema.limits.sizes import assumed_size
from schema.orders import TaxonomyOrderArgument
from schema.relay import After, Before, Connection, First, Last, Node, Paging
from schema.taxonomies import (
    TaxonomyConnection,
    TaxonomyList,
    read_linked,
    read_page,
    total_count,
)
from store.documents import Document
from store.orders import TaxonomyOrder
from store.taxonomies import TOPICS

MAX_CHILDREN = 100
MAX_ANCESTORS = 20

FirstChildren = Annotated[
    int | None,
    strawberry.argument(
        description=f"The maximum number: 0 to {MAX_CHILDREN}. The default is {MAX_CHILDREN}."
    ),
]
Roots = Annotated[
    bool, strawberry.argument(description="Only topics at the top level, which have no `parent`.")
]


async def _parent(parents: Sequence[Document], info: Info) -> list[Document | None]:
    ids = [topic.get("parent") for topic in parents]
    return await read_linked(TOPICS, ids, info, selection_of(info))


async def _children(
    parents: Sequence[Document], info: Info, first: FirstChildren = None
) -> list[list[Document]]:
    limit = MAX_CHILDREN if first is None else first
    if not 0 <= limit <= MAX_CHILDREN:
        raise bad_input(f"`first` is {limit}, but must be from 0 to {MAX_CHILDREN}.")
    ids = [topic["_id"] for topic in parents]
    reader = info.context.readers.of(TOPICS)
    return await reader.children(ids, selection_of(info), limit)


async def _ancestors(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    """Read one level after another, each in one call; a topic that comes again ends a circle."""
    fields = {*selection_of(info), "parent"}
    reader = info.context.readers.of(TOPICS)
    chains: list[dict[str, Document]] = [{topic["_id"]: topic} for topic in parents]
    above = [topic.get("parent") for topic in parents]
    for _ in range(MAX_ANCESTORS):
        if not any(above):
            break
        found = await reader.get(above, fields)
        above = [None] * len(parents)
        for index, topic in enumerate(found):
            if topic and topic["_id"] not in chains[index]:
                chains[index][topic["_id"]] = topic
                above[index] = topic.get("parent")
    return [list(chain.values())[:0:-1] for chain in chains]


async def topics(
    parents: Sequence[Document | None],
    info: Info,
    roots: Roots = False,
    order_by: TaxonomyOrderArgument = TaxonomyOrder.NAME,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[TaxonomyConnection]:
    """Return a page of all topics, or of those at the top level."""
    listed = TaxonomyList(info.context.audience, order_by, roots)
    connection = await read_page(TOPICS, listed, Paging(first, after, last, before), info)
    return [connection for _ in parents]


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
        metadata=assumed_size(1),  # of all topics together, there are fewer children than topics
    )(_children)
    ancestors: list[Annotated["Topic", strawberry.lazy("schema.topic")]] | None = batched(
        description="The topics above, from the top level down to `parent`: a breadcrumb trail. At "
        f"most the {MAX_ANCESTORS} nearest.",
        metadata=assumed_size(2),
    )(_ancestors)
    item_count: int = document_field(
        description="How many items have this topic itself. Items of its subtopics do not count."
    )
    items: ItemConnection | None = batched(
        description="The items that have this topic itself, not those of its subtopics.",
        by_id=True,
    )(items)


@strawberry.type(description="One page of the list of topics.")
class TopicConnection(Connection[Topic]):
    total_count: int | None = total_count(TOPICS, "How many topics the list has, on all pages.")
