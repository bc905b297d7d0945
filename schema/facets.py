"""The facets of a list of items."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.named import find_named
from store.connection import Document
from store.facets import Facet as StoreFacet

DEFAULT_VALUES = 10
MAX_VALUES = 100
MAX_MONTHS = 1200

First = Annotated[
    int,
    strawberry.argument(
        description=f"At most this many, the most frequent first: 1 to {MAX_VALUES}."
    ),
]


@strawberry.type(description="A value, and how many items of the list have it.")
class Facet:
    """A category or a type."""

    value: str = document_field(key="_id", description="The value, as a filter takes it.")
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="A topic, and how many items of the list have it.")
class TopicFacet:
    """A topic."""

    topic: Annotated["Topic", strawberry.lazy("schema.topic")] = document_field(  # type: ignore[name-defined]  # noqa: F821
        description="The topic."
    )
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="A provider, and how many items of the list are its own.")
class ProviderFacet:
    """A provider."""

    provider: Annotated["Provider", strawberry.lazy("schema.provider")] = document_field(  # type: ignore[name-defined]  # noqa: F821
        description="The provider."
    )
    count: int = document_field(description="How many items of the list are its own.")


@strawberry.type(description="A month, and how many items of the list were published in it.")
class MonthFacet:
    """A month."""

    month: str = document_field(key="_id", description="The month in UTC, such as `2026-02`.")
    count: int = document_field(description="How many items of the list were published in it.")


async def _counted(
    parents: Sequence[Document], info: Info, facet: StoreFacet, first: int
) -> list[list[Document]]:
    ids = [connection["parent"] for connection in parents]
    return await info.context.store.items.facets(ids, parents[0]["listing"], facet, first)


def _checked(first: int) -> int:
    if not 1 <= first <= MAX_VALUES:
        raise bad_input(f"`first` is {first}, but a facet gives 1 to {MAX_VALUES} values.")
    return first


async def _categories(
    parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
) -> list[list[Document]]:
    return await _counted(parents, info, StoreFacet.CATEGORIES, _checked(first))


async def _types(
    parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
) -> list[list[Document]]:
    return await _counted(parents, info, StoreFacet.TYPES, _checked(first))


async def _topics(
    parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
) -> list[list[Document]]:
    counted = await _counted(parents, info, StoreFacet.TOPICS, _checked(first))
    return await _named(counted, info, "topic", "slug")


async def _providers(
    parents: Sequence[Document], info: Info, first: First = DEFAULT_VALUES
) -> list[list[Document]]:
    counted = await _counted(parents, info, StoreFacet.PROVIDERS, _checked(first))
    return await _named(counted, info, "provider", "domain")


async def _months(parents: Sequence[Document], info: Info) -> list[list[Document]]:
    return await _counted(parents, info, StoreFacet.MONTHS, MAX_MONTHS)


async def _named(
    counted: list[list[Document]], info: Info, field: str, key: str
) -> list[list[Document]]:
    """Put the providers or topics in the place of their ids."""
    store = info.context.store
    reader = store.topics if field == "topic" else store.providers
    links = [{"id": value["_id"]} for values in counted for value in values]
    selection = selection_of(info).below(field)
    found = iter(await find_named(reader, links, key, info.context, selection))
    return [
        [{field: one, "count": value["count"]} for value in values if (one := next(found))]
        for values in counted
    ]


@strawberry.type(description="What the items of a list have in common, counted.")
class ItemFacets:
    """Its document is that of the connection, whose list is counted."""

    categories: list[Facet] = batched(description="Its categories.")(_categories)
    types: list[Facet] = batched(description="Its types.")(_types)
    topics: list[TopicFacet] = batched(description="Its topics.")(_topics)
    providers: list[ProviderFacet] = batched(description="Its providers.")(_providers)
    months: list[MonthFacet] = batched(description="Its months of publication, the newest first.")(
        _months
    )
