"""What resolvers get from the request."""

from dataclasses import dataclass, field

import strawberry

from schema.limits.guard import CheckedQuery
from store.audience import Audience
from store.reading.store import Readers, Store


@dataclass(slots=True)
class Context:
    """One request: where its data comes from, who asks for it, and its query."""

    store: Store
    audience: Audience
    checked_query: CheckedQuery | None = None
    """What the limits found out about the query: its operation and its cost."""

    readers: Readers = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.readers = self.store.readers(self.audience)


Info = strawberry.Info[Context, None]
