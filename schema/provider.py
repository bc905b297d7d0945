"""Providers: who publishes items."""

from collections.abc import Sequence

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.image import Image
from schema.item_connection import ItemConnection, items
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.scan_costs import COUNT
from schema.taxonomies import list_resolver, read_linked
from store.documents import Document


@strawberry.type(
    description="A publisher of items: a newspaper, a station, a blog. Each has its own internet "
    "domain."
)
class Provider(DictObject, Node):
    """A provider as the audience sees it."""

    domain: str = document_field(
        description="The internet domain, such as `news.example.com`, without `www.`."
    )
    name: str = document_field(description="The name. It is the same wherever the provider occurs.")
    images: list[Image] = document_field(
        description="Logos and other images of the provider.", metadata=assumed_size(2)
    )
    item_count: int = document_field(
        description="How many of its items are loaded. 0 if only related entries name it."
    )
    items: ItemConnection = batched(description="The provider's items.")(items)


async def provider_count(parents: Sequence[Document], info: Info) -> list[int]:
    """Return the number of all providers, once for each parent."""
    count = await info.context.readers.providers.count()
    return [count for _ in parents]


@strawberry.type(description="One page of the list of providers.")
class ProviderConnection(Connection[Provider]):
    total_count: int = batched(
        description="How many providers there are.", metadata=scan_cost(COUNT)
    )(provider_count)


async def provider_of(parents: Sequence[Document], info: Info) -> list[Document | None]:
    """Return the provider of each item or related entry."""
    ids = [(parent.get("provider") or {}).get("id") for parent in parents]
    return await read_linked(info.context.readers.providers, ids, "domain", selection_of(info))


providers = list_resolver(lambda readers: readers.providers)
