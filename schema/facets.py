"""The facets of a list of items."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.limits.sizes import assumed_size
from schema.taxonomies import find_named
from store.documents import Document
from store.reading.facets import MAX_VALUES
from store.reading.facets import Facet as Counted

if TYPE_CHECKING:
    from schema.provider import Provider
    from schema.topic import Topic

DEFAULT_VALUES = 10

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most this many, the most frequent ones: 1 to {MAX_VALUES}."
    ),
]


@strawberry.type(description="A category or type, and how many items of the list have it.")
class Facet:
    """A category or a type."""

    value: str = document_field(key="_id", description="The value, as `ItemFilter` takes it.")
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="A topic, and how many items of the list have it.")
class TopicFacet:
    """A topic."""

    topic: Annotated["Topic", strawberry.lazy("schema.topic")] = document_field(
        description="The topic."
    )
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="A provider, and how many items of the list are its own.")
class ProviderFacet:
    """A provider."""

    provider: Annotated["Provider", strawberry.lazy("schema.provider")] = document_field(
        description="The provider."
    )
    count: int = document_field(description="How many items of the list are its own.")


@strawberry.type(description="A month, and how many items of the list were published in it (UTC).")
class MonthFacet:
    """A month."""

    month: str = document_field(key="_id", description="The month in UTC, such as `2026-02`.")
    count: int = document_field(description="How many items of the list were published in it.")


async def facets(parents: Sequence[Document], info: Info) -> list[dict[str, list[Document]]]:
    """Count the list of each connection, once for all the facets that are asked for."""
    asked = [facet for facet in Counted if facet.name.lower() in selection_of(info)]
    if not asked:
        return [{} for _ in parents]
    ids = [connection["parent"] for connection in parents]
    return await info.context.store.items.facets(ids, parents[0]["listing"], asked)


def _most_frequent(facet: Counted) -> Callable[..., list[list[Document]]]:
    def resolve(
        parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
    ) -> list[list[Document]]:
        if first is None:
            first = DEFAULT_VALUES
        if not 1 <= first <= MAX_VALUES:
            raise bad_input(f"`first` is {first}, but a facet has 1 to {MAX_VALUES} values.")
        return [counted[facet.name][:first] for counted in parents]

    return resolve


def _most_frequent_named(
    facet: Counted, field: str, key: str
) -> Callable[..., Awaitable[list[list[Document]]]]:
    most_frequent = _most_frequent(facet)

    async def resolve(
        parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
    ) -> list[list[Document]]:
        counted = most_frequent(parents, info, first)
        store = info.context.store
        reader = store.topics if facet is Counted.TOPICS else store.providers
        links = [{"id": value["_id"]} for values in counted for value in values]
        selection = selection_of(info).below(field)
        found = iter(await find_named(reader, links, key, info.context, selection))
        return [
            [{field: one, "count": value["count"]} for value in values if (one := next(found))]
            for values in counted
        ]

    return resolve


@strawberry.type(
    description="What the items of a list have in common, counted: for the choices beside a "
    "search. To count, the whole list is read; ask with the first page only."
)
class ItemFacets:
    """Its document has the counted values of each facet that is asked for."""

    categories: list[Facet] = batched(
        description="The categories of the list's items, the most frequent first."
    )(_most_frequent(Counted.CATEGORIES))
    types: list[Facet] = batched(
        description="The types of the list's items, the most frequent first."
    )(_most_frequent(Counted.TYPES))
    topics: list[TopicFacet] = batched(
        description="The topics of the list's items, the most frequent first."
    )(_most_frequent_named(Counted.TOPICS, "topic", "slug"))
    providers: list[ProviderFacet] = batched(
        description="The providers of the list's items, the most frequent first."
    )(_most_frequent_named(Counted.PROVIDERS, "provider", "domain"))
    months: list[MonthFacet] = document_field(
        key=Counted.MONTHS.name,
        description=(
            "The months in which the list's items were published, the newest first; those without "
            "items are left out."
        ),
        metadata=assumed_size(120),
    )
