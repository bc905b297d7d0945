"""The root type of subscriptions: the fields of the root type that tools want to follow."""

import strawberry

from schema.corpus import Corpus, corpus
from schema.execution.batched import batched
from schema.item import Item
from schema.item_connection import ItemConnection, items
from schema.query import item


@strawberry.type(
    description=(
        "Subscriptions over server-sent events. Each sends the response to the query of the same "
        "field, and the whole response again whenever it has changed. Any query can be followed "
        "in this way without a subscription, with the header Accept: text/event-stream."
    )
)
class Subscription:
    item: Item | None = batched(
        description="An item by its `id`, its `url` or its `slug`. Null if it does not exist or "
        "you may not see it."
    )(item)
    items: ItemConnection | None = batched(
        description="A list of items, filtered, ordered and paged."
    )(items)
    corpus: Corpus | None = batched(description="Counts and dates of everything that is loaded.")(
        corpus
    )
