"""The root: where every query starts."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.context import Info
from schema.corpus import Corpus, corpus
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.selection import selection_of
from schema.item import Item
from schema.item_connection import ItemConnection, items
from schema.item_projection import item_projection
from schema.provider import Provider, ProviderConnection, providers
from schema.relay import Node, kind_of
from schema.scalars import URL
from schema.topic import Topic, TopicConnection, topics
from store.documents import Document
from store.ids import item_id, provider_id, topic_id

MAX_NODES = 100

Root = Sequence[None]


async def _nodes_of(ids: Sequence[str], info: Info) -> list[Document | None]:
    """Give the objects with these ids, in their order: one call for each kind of them."""
    by_kind: dict[str, list[str]] = {}
    for id_ in dict.fromkeys(ids):
        by_kind.setdefault(kind_of(id_), []).append(id_)
    store, audience, selection = info.context.store, info.context.audience, selection_of(info)

    async def read(kind: str, wanted: list[str]) -> Sequence[Document | None]:
        if kind == "item":
            return await store.items.get(wanted, audience, item_projection(selection))
        if kind == "provider":
            return await store.providers.get(wanted, audience, selection)
        if kind == "topic":
            return await store.topics.get(wanted, audience, selection)
        return [None] * len(wanted)

    found: dict[str, Document | None] = {}
    results = await asyncio.gather(*(read(*group) for group in by_kind.items()))
    for wanted, documents in zip(by_kind.values(), results, strict=True):
        found.update(zip(wanted, documents, strict=True))
    return [found[id_] for id_ in ids]


async def _node(
    parents: Root,
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The object's `id`.")],
) -> list[Document | None]:
    return [*await _nodes_of([id], info)]


async def _nodes(
    parents: Root,
    info: Info,
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description=f"The objects' `id`s, at most {MAX_NODES}."),
    ],
) -> list[list[Document | None]]:
    if len(ids) > MAX_NODES:
        raise bad_input(f"`ids` has {len(ids)} ids; ask for at most {MAX_NODES} at once.")
    return [await _nodes_of(ids, info)]


async def _item(
    parents: Root,
    info: Info,
    id: Annotated[strawberry.ID | None, strawberry.argument(description="The item's `id`.")] = None,
    url: Annotated[
        URL | None,
        strawberry.argument(
            description="Its `webUrl`, else `originalUrl`, in any equivalent spelling: with or "
            "without a trailing slash, fragment or tracking parameters."
        ),
    ] = None,
) -> list[Document | None]:
    if (id is None) == (url is None):
        raise bad_input("Give `id` or `url`: exactly one of the two finds an item.")
    wanted = item_id(url) if url is not None else str(id)
    projection = item_projection(selection_of(info))
    return await info.context.store.items.get([wanted], info.context.audience, projection)


async def _provider(
    parents: Root,
    info: Info,
    domain: Annotated[
        str, strawberry.argument(description="Its domain, with or without `www.`, or a URL on it.")
    ],
) -> list[Document | None]:
    return await info.context.store.providers.get(
        [provider_id(domain)], info.context.audience, selection_of(info)
    )


async def _topic(
    parents: Root,
    info: Info,
    name: Annotated[str, strawberry.argument(description="Its name or its slug.")],
) -> list[Document | None]:
    return await info.context.store.topics.get(
        [topic_id(name)], info.context.audience, selection_of(info)
    )


@strawberry.type(description="Where every query starts.")
class Query:
    """The root type."""

    node: Node | None = batched(
        description="Any item, provider or topic by its `id`; null if there is none, or not for "
        "you."
    )(_node)
    nodes: list[Node | None] = batched(
        description="Items, providers and topics by their `id`s, in the order of the ids; null "
        "where there is none, or not for you."
    )(_nodes)
    item: Item | None = batched(
        description="An item, by its `id` or by its `url`: give exactly one of the two. Null if "
        "there is none, or not for you."
    )(_item)
    items: ItemConnection = batched(
        description="The items that a filter finds, in an order, in pages."
    )(items)
    provider: Provider | None = batched(
        description="A provider, by its domain; null if there is none."
    )(_provider)
    providers: ProviderConnection = batched(description="All providers, in pages.")(providers)
    topic: Topic | None = batched(
        description="A topic, by its name or slug; null if there is none."
    )(_topic)
    topics: TopicConnection = batched(description="All topics, in pages.")(topics)
    corpus: Corpus = batched(description="Everything that is loaded, in numbers.")(corpus)
