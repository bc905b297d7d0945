"""Providers: who publishes items."""

from collections.abc import Sequence

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.image import Image
from schema.item_connection import ItemConnection, items
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.taxonomies import all_named, find_named
from store.documents import Document


@strawberry.type(
    description="Who publishes items: a paper, a station, a blog. Known by its internet domain."
)
class Provider(DictObject, Node):
    """A provider as its audience knows it."""

    domain: str = document_field(
        description="Its domain, such as `news.example.com`, without `www.`."
    )
    name: str = document_field(description="Its name, the same wherever it is linked.")
    images: list[Image] = document_field(
        description="Its logos, or other pictures of it.", metadata=assumed_size(2)
    )
    item_count: int = document_field(
        description="How many of its items are here; 0 if it is only named in related entries."
    )
    items: ItemConnection = batched(description="Its items.")(items)


async def provider_count(parents: Sequence[Document], info: Info) -> list[int]:
    """Give the number of all providers, once for each parent."""
    count = await info.context.store.providers.count(info.context.audience)
    return [count for _ in parents]


@strawberry.type(description="One page of the list of providers.")
class ProviderConnection(Connection[Provider]):
    """One page of the list of providers."""

    total_count: int = batched(description="How many providers there are.")(provider_count)


async def provider_of(parents: Sequence[Document], info: Info) -> list[Document | None]:
    """Give the providers of items or of related entries."""
    links = [parent.get("provider") for parent in parents]
    reader = info.context.store.providers
    return await find_named(reader, links, "domain", info.context, selection_of(info))


providers = all_named(lambda store: store.providers)
