"""Providers: who publishes items."""

from collections.abc import Sequence

import strawberry

from schema.context import Info
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.image import Image
from schema.item_connection import ItemConnection, items
from schema.limits.sizes import assumed_size
from schema.relay import Connection, Node
from schema.taxonomies import total_count
from store.documents import Document
from store.taxonomies import PROVIDERS


def _images(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    pictures = info.context.pictures
    return [
        pictures.whole(provider["images"], f"https://{provider['domain']}/") for provider in parents
    ]


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
    images: list[Image] = batched(
        description="Logos and other images of the provider.", metadata=assumed_size(2)
    )(_images)
    item_count: int = document_field(
        description="How many of its items are loaded. 0 if only related entries name it."
    )
    items: ItemConnection | None = batched(description="The provider's items.", by_id=True)(items)


@strawberry.type(description="One page of the list of providers.")
class ProviderConnection(Connection[Provider]):
    total_count: int | None = total_count(PROVIDERS)
