"""What a request hands to the resolvers."""

from dataclasses import dataclass

import strawberry

from store.audience import Audience
from store.store import Store


@dataclass(slots=True)
class Context:
    """One request: where its data comes from, for whom it is, and what it wants to be told."""

    store: Store
    audience: Audience
    report_cost: bool = False
    """Whether the answer's `extensions.cost` says what the query cost."""


Info = strawberry.Info[Context, None]
