"""The facets of a list of items."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.relay import ListDocument
from schema.scan_costs import FACET
from schema.site import is_hidden, site_fields_of
from schema.taxonomies import read_linked
from store.documents import Document
from store.reading.facets import MAX_FACET_VALUES, Count, FacetField, SiteFacet
from store.site_types import Scalar
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS, Taxonomy

if TYPE_CHECKING:
    from schema.author import Author
    from schema.provider import Provider
    from schema.topic import Topic

DEFAULT_VALUES = 10

Counts = dict[str, list[Count]]
"""The values of each selected facet, by the facet's name."""

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many values at most: 1 to {MAX_FACET_VALUES}. "
        "The most frequent come first."
    ),
]


@strawberry.type(description="A category or type, and how many items of the list have it.")
class Facet:
    value: str = document_field(key="_id", description="The value, as `ItemFilter` expects it.")
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="A whole number, and how many items of the list have it.")
class IntFacet:
    value: int = document_field(key="_id", description="The value, as `ItemFilter` expects it.")
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="True or false, and how many items of the list have it.")
class BooleanFacet:
    value: bool = document_field(key="_id", description="The value, as `ItemFilter` expects it.")
    count: int = document_field(description="How many items of the list have it.")


FACET_TYPES: Mapping[Scalar, type] = {
    Scalar.STRING: Facet,
    Scalar.URL: Facet,
    Scalar.INT: IntFacet,
    Scalar.BOOLEAN: BooleanFacet,
}
"""The types of the facets of a site's own fields; a schema has those that its fields need."""


@strawberry.type(description="A topic, and how many items of the list have it.")
class TopicFacet:
    topic: Annotated["Topic", strawberry.lazy("schema.topic")] = document_field(
        description="The topic."
    )
    count: int = document_field(description="How many items of the list have it.")


@strawberry.type(description="An author, and how many items of the list they wrote.")
class AuthorFacet:
    author: Annotated["Author", strawberry.lazy("schema.author")] = document_field(
        description="The author."
    )
    count: int = document_field(description="How many items of the list they wrote.")


@strawberry.type(description="A provider, and how many items of the list it published.")
class ProviderFacet:
    provider: Annotated["Provider", strawberry.lazy("schema.provider")] = document_field(
        description="The provider."
    )
    count: int = document_field(description="How many items of the list it published.")


@strawberry.type(description="A month, and how many items of the list were published in it (UTC).")
class MonthFacet:
    month: str = document_field(key="_id", description="The month in UTC, such as `2026-02`.")
    count: int = document_field(description="How many items of the list were published in it.")


async def facets(parents: Sequence[ListDocument], info: Info) -> list[Counts]:
    """Count the list of each connection, once for all facets that are asked for."""
    selection = selection_of(info)
    fields: list[FacetField | SiteFacet] = [
        field for field in FacetField if field.name.lower() in selection
    ]
    fields += [
        SiteFacet(field.name, ".".join(("site", *field.stored_at)), field.type.many)
        for field in site_fields_of(info)
        if field.filter and field.name in selection and not is_hidden(field, info.context.audience)
    ]
    if not fields:
        return [{} for _ in parents]
    ids = [connection["parent"] for connection in parents]
    return await info.context.readers.items.facets(ids, parents[0]["listing"], fields)


def most_frequent(name: str) -> Callable[..., list[list[Count]]]:
    """Return the resolver of a facet; it has no values if it was not counted."""

    def resolve(
        parents: Sequence[Counts], info: Info, first: First = DEFAULT_VALUES
    ) -> list[list[Count]]:
        if first is None:
            first = DEFAULT_VALUES
        if not 1 <= first <= MAX_FACET_VALUES:
            raise bad_input(f"`first` is {first}, but must be from 1 to {MAX_FACET_VALUES}.")
        return [counts.get(name, [])[:first] for counts in parents]

    return resolve


def _most_frequent_linked(
    field: FacetField, taxonomy: Taxonomy
) -> Callable[..., Awaitable[list[list[Document]]]]:
    counted = most_frequent(field.name)
    name = taxonomy.kind

    async def resolve(
        parents: Sequence[Counts], info: Info, first: First = DEFAULT_VALUES
    ) -> list[list[Document]]:
        facets = counted(parents, info, first)
        ids = [value["_id"] for values in facets for value in values]
        linked = iter(await read_linked(taxonomy, ids, info, selection_of(info).below(name)))
        return [
            [
                {name: document, "count": value["count"]}
                for value in values
                if (document := next(linked))
            ]
            for values in facets
        ]

    return resolve


@strawberry.type(
    description="How often each value occurs among the items of a list, for example to offer "
    "choices beside a search. Counting reads the whole list: request it with the first page only."
)
class ItemFacets:
    """Its document has the counted values of each facet that is asked for."""

    categories: list[Facet] | None = batched(
        description="The categories of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(most_frequent(FacetField.CATEGORIES.name))
    types: list[Facet] | None = batched(
        description="The types of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(most_frequent(FacetField.TYPES.name))
    topics: list[TopicFacet] | None = batched(
        description="The topics of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(_most_frequent_linked(FacetField.TOPICS, TOPICS))
    authors: list[AuthorFacet] | None = batched(
        description="The authors of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(_most_frequent_linked(FacetField.AUTHORS, AUTHORS))
    providers: list[ProviderFacet] | None = batched(
        description="The providers of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(_most_frequent_linked(FacetField.PROVIDERS, PROVIDERS))
    months: list[MonthFacet] = document_field(
        key=FacetField.MONTHS.name,
        description="The months in which the list's items were published, newest first. Months "
        "without items are left out.",
        metadata={**assumed_size(120), **scan_cost(FACET)},
    )
