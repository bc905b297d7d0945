"""The store's orders as GraphQL enums, and the arguments that take them."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import strawberry
from strawberry.types.enum import has_enum_definition

from store.orders import ItemOrder, TaxonomyOrder

Order = TypeVar("Order", ItemOrder, TaxonomyOrder)


def _expose(
    orders: type[Order], name: str, description: str, descriptions: Mapping[Order, str]
) -> None:
    """Make an enum of the store a GraphQL enum; Strawberry takes no descriptions from outside."""
    exposed = strawberry.enum(orders, name=name, description=description)
    assert has_enum_definition(exposed)  # noqa: S101 - for the type checker
    for value in exposed.__strawberry_definition__.values:
        value.description = descriptions[orders(value.value)]


_expose(
    ItemOrder,
    "ItemOrder",
    "The order of a list of items. Items that tie are ordered newest first.",
    {
        ItemOrder.NEWEST: "Latest publication first. Items without a date come last.",
        ItemOrder.OLDEST: "Earliest publication first. Items without a date come last.",
        ItemOrder.HOTTEST: "Highest `heat` first. Items without it come last.",
        ItemOrder.BEST: "Highest `quality` first. Items without it come last.",
        ItemOrder.UPDATED: (
            "Latest change first: by `updatedDateTime` or, for items without one, by "
            "`publishedDateTime`. Items with neither come last."
        ),
        ItemOrder.RELEVANCE: (
            "Best match for `filter.search` first. Without a search, the same as `NEWEST`."
        ),
    },
)
_expose(
    TaxonomyOrder,
    "NamedOrder",
    "The order of a list of providers, topics or authors.",
    {
        TaxonomyOrder.NAME: "By name, A to Z, ignoring case.",
        TaxonomyOrder.MOST_ITEMS: "Most items first, then by name.",
    },
)

OrderArgument = Annotated[ItemOrder, strawberry.argument(description="The order of the list.")]
TaxonomyOrderArgument = Annotated[
    TaxonomyOrder, strawberry.argument(description="The order of the list.")
]
