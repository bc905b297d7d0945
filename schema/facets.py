"""The facets of a list of items."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.facet_types import (
    AuthorFacet,
    Facet,
    MonthFacet,
    PeriodFacet,
    ProviderFacet,
    TopicFacet,
)
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.relay import ListDocument
from schema.scan_costs import FACET
from schema.site import is_hidden, site_fields_of
from schema.taxonomies import read_linked
from store.documents import Document
from store.reading.facets import (
    LABELS,
    MAX_FACET_VALUES,
    MAX_PERIODS,
    Count,
    FacetField,
    SiteFacet,
)
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS, Taxonomy

DEFAULT_VALUES = 10

_NAMED = {
    field.name: LABELS[field]
    for field in (
        *(FacetField.CATEGORIES, FacetField.TYPES),
        *(FacetField.TAGS, FacetField.LOCALES),
    )
}
"""The facets whose values are slugs of names, and what their labels begin with."""

Counts = dict[str, list[Count]]
"""The values of each selected facet, by the facet's name."""

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"The maximum number of values: 1 to {MAX_FACET_VALUES}. "
        "The most frequent come first."
    ),
]


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
    counted = await info.context.readers.items.facets(ids, parents[0]["listing"], fields)
    return await _spelled(counted, info)


async def _spelled(counted: Sequence[Counts], info: Info) -> list[Counts]:
    """Return counts with names in place of slugs."""
    labels = [
        f"{prefix}{value['_id']}"
        for counts in counted
        for name, prefix in _NAMED.items()
        for value in counts.get(name, ())
    ]
    if not labels:
        return [*counted]
    spellings = await info.context.readers.labels.spellings(labels)

    def spelled(prefix: str, value: Count) -> Count:
        name = spellings.get(f"{prefix}{value['_id']}", value["_id"])
        return {"_id": name, "count": value["count"]}

    return [
        {
            name: [spelled(_NAMED[name], value) for value in values] if name in _NAMED else values
            for name, values in counts.items()
        }
        for counts in counted
    ]


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


def _periods(field: FacetField, name: str, size: int) -> Any:
    """Declare the facet of a period, of which a list is assumed to have so many."""
    return document_field(
        key=field.name,
        description=f"The {name} in which the list's items were published, newest first, at most "
        f"{MAX_PERIODS:,}. {name.capitalize()} without items are left out.",
        metadata={**assumed_size(size), **scan_cost(FACET)},
    )


@strawberry.type(
    description="How often each value occurs among the items of a list, for example to offer "
    "choices beside a search. A facet leaves out the list's filter by its own values, so choosing "
    "one does not hide the others: `categories` counts the list as it would be without "
    "`filter.categories`. Counting reads the whole list: request it with the first page only."
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
    tags: list[Facet] | None = batched(
        description="The tags of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(most_frequent(FacetField.TAGS.name))
    locales: list[Facet] | None = batched(
        description="The locales of the list's items, most frequent first.",
        metadata=scan_cost(FACET),
    )(most_frequent(FacetField.LOCALES.name))
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
    years: list[PeriodFacet] = _periods(FacetField.YEARS, "years", 30)
    weeks: list[PeriodFacet] = _periods(FacetField.WEEKS, "weeks", 120)
    days: list[PeriodFacet] = _periods(FacetField.DAYS, "days", 120)
