"""The root type of the graph."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.author import Author, AuthorConnection
from schema.context import Info
from schema.corpus import Corpus, corpus
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.selection import selection_of
from schema.item import Item
from schema.item_connection import ItemConnection, items
from schema.item_projection import item_projection
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.names import author_id_of, item_id_of, name, node_id, provider_id_of, topic_id_of
from schema.nodes import nodes_of
from schema.provider import Provider, ProviderConnection
from schema.relay import Node
from schema.scalars import URL
from schema.scan_costs import COUNT
from schema.suggest import DEFAULT_SUGGESTIONS, Suggestion, suggest
from schema.taxonomies import list_resolver
from schema.topic import Topic, TopicConnection, topics
from store.documents import Document
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS

MAX_NODES = 100

Root = Sequence[None]


async def _node(
    parents: Root,
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The object's `id`.")],
) -> list[Document | None]:
    return await nodes_of([node_id(id, "id")], info, selection_of(info))


async def _nodes(
    parents: Root,
    info: Info,
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description=f"The `id`s of up to {MAX_NODES} objects."),
    ],
) -> list[list[Document | None]]:
    if len(ids) > MAX_NODES:
        raise bad_input(f"`ids` has {len(ids)} values; at most {MAX_NODES} are allowed.")
    return [await nodes_of([node_id(id_, "ids") for id_ in ids], info, selection_of(info))]


async def item(
    parents: Root,
    info: Info,
    id: Annotated[strawberry.ID | None, strawberry.argument(description="The item's `id`.")] = None,
    url: Annotated[
        URL | None,
        strawberry.argument(
            description="The item's `webUrl`, or its `originalUrl` if it has no `webUrl`. A "
            "trailing slash, a fragment and tracking parameters make no difference."
        ),
    ] = None,
    slug: Annotated[
        str | None,
        strawberry.argument(
            description="The item's `slug`. If several items have it, the result is null, with an "
            "error."
        ),
    ] = None,
    category: Annotated[
        str | None,
        strawberry.argument(
            description=(
                "Only with `slug`: the item's `category`, if several items have the same slug."
            )
        ),
    ] = None,
) -> list[Document | None]:
    """Return the item that the arguments name."""
    if [id, url, slug].count(None) != 2:
        raise bad_input("Pass exactly one of `id`, `url` and `slug`.")
    if slug is not None:
        return [await _item_with_slug(slug, category, info)]
    if category is not None:
        raise bad_input("Pass `category` only together with `slug`.")
    ids = [item_id_of(url) if url is not None else node_id(str(id), "id")]
    return await info.context.readers.items.get(ids, item_projection(selection_of(info)))


async def _item_with_slug(slug: str, category: str | None, info: Info) -> Document | None:
    name(slug, "slug")
    if category is not None:
        name(category, "category")
    projection = item_projection(selection_of(info))
    found = await info.context.readers.items.with_slug(slug, category, projection)
    if len(found) > 1:
        raise bad_input(
            f"Several items have the slug {slug!r}. Add `category`, or use `url` or `id`."
        )
    return found[0] if found else None


async def _provider(
    parents: Root,
    info: Info,
    domain: Annotated[
        str,
        strawberry.argument(
            description="The provider's domain, with or without `www.`, or any URL on that domain."
        ),
    ],
) -> list[Document | None]:
    ids = [provider_id_of(domain, "domain")]
    return await info.context.readers.of(PROVIDERS).get(ids, selection_of(info))


async def _topic(
    parents: Root,
    info: Info,
    name: Annotated[str, strawberry.argument(description="The topic's name or slug.")],
) -> list[Document | None]:
    ids = [topic_id_of(name, "name")]
    return await info.context.readers.of(TOPICS).get(ids, selection_of(info))


async def _author(
    parents: Root,
    info: Info,
    name: Annotated[str, strawberry.argument(description="The author's name or slug.")],
) -> list[Document | None]:
    ids = [author_id_of(name, "name")]
    return await info.context.readers.of(AUTHORS).get(ids, selection_of(info))


@strawberry.type(description="The entry points of the API.")
class Query:
    node: Node | None = batched(
        description="An item, provider, topic or author by its `id`. Null if it does not exist or "
        "you may not see it."
    )(_node)
    nodes: list[Node | None] | None = batched(
        description="Items, providers, topics and authors by their `id`s, in the order of `ids`. "
        "Null in place of each that does not exist or that you may not see."
    )(_nodes)
    item: Item | None = batched(
        description="An item by its `id`, its `url` or its `slug`. Null if it does not exist or "
        "you may not see it."
    )(item)
    items: ItemConnection | None = batched(
        description="A list of items, filtered, ordered and paged."
    )(items)
    provider: Provider | None = batched(
        description="A provider by its domain. Null if it does not exist or you may not see it."
    )(_provider)
    providers: ProviderConnection | None = batched(description="The list of all providers, paged.")(
        list_resolver(PROVIDERS)
    )
    topic: Topic | None = batched(
        description="A topic by its name or slug. Null if it does not exist or you may not see it."
    )(_topic)
    topics: TopicConnection | None = batched(
        description="The list of all topics, or of those at the top level, paged."
    )(topics)
    author: Author | None = batched(
        description="An author by name or slug. Null if it does not exist or you may not see it."
    )(_author)
    authors: AuthorConnection | None = batched(description="The list of all authors, paged.")(
        list_resolver(AUTHORS)
    )
    corpus: Corpus | None = batched(description="Counts and dates of everything that is loaded.")(
        corpus
    )
    suggest: list[Suggestion] | None = batched(
        description=(
            "Topics, providers, authors and items that match what is being typed into a search "
            "box. Those whose names begin with it and that have the most items come first. The "
            "server must have a search index."
        ),
        metadata={**scan_cost(COUNT), **assumed_size(DEFAULT_SUGGESTIONS)},
    )(suggest)
