"""What a request hands to the resolvers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import strawberry

from schema.limits.guard import CheckedQuery
from schema.lookup import Lookup
from store.audience import Audience
from store.reading.store import Store
from store.reading.taxonomies import TaxonomyReader


@dataclass(slots=True)
class Context:
    """One request: where its data comes from, for whom it is, and its query."""

    store: Store
    audience: Audience
    checked_query: CheckedQuery | None = None
    """What the limits found out about the query: its operation and its cost."""

    _lookups: dict[object, Lookup] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.store = self.store.for_request()

    def lookup(self, reader: TaxonomyReader, fields: Collection[str]) -> Lookup:
        """Give the request's lookup of those fields of providers, or of topics."""
        key = (reader, frozenset(fields))
        found = self._lookups.get(key)
        if found is None:
            read = partial(reader.find, audience=self.audience, fields=fields)
            found = self._lookups[key] = Lookup(read)
        return found


Info = strawberry.Info[Context, None]
