"""Authors: who writes items."""

import strawberry

from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.item_connection import ItemConnection, items
from schema.relay import Connection, Node
from schema.taxonomies import total_count
from store.taxonomies import AUTHORS


@strawberry.type(
    description=(
        "Someone who writes items. Authors are identified by their names, ignoring case and "
        "punctuation."
    )
)
class Author(DictObject, Node):
    """An author as the audience sees it."""

    name: str = document_field(description="The name, such as `Ada Moor`.")
    slug: str = document_field(description="The name for use in URLs, such as `ada-moor`.")
    item_count: int = document_field(description="How many items the author wrote.")
    items: ItemConnection | None = batched(description="The author's items.", by_id=True)(items)


@strawberry.type(description="One page of the list of authors.")
class AuthorConnection(Connection[Author]):
    total_count: int | None = total_count(AUTHORS)
