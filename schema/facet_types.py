"""The values of facets, and how many items have them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.execution.documents import document_field
from store.site_types import Scalar

if TYPE_CHECKING:
    from schema.author import Author
    from schema.provider import Provider
    from schema.topic import Topic


@strawberry.type(
    description="A category, type, tag or locale, and how many items of the list have it."
)
class Facet:
    value: str = document_field(
        key="_id",
        description=(
            "The value, spelled as in the newest item that has it. Spellings with the same slug "
            "count as one value, as in `ItemFilter`."
        ),
    )
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


@strawberry.type(description="A period, and how many items of the list were published in it (UTC).")
class PeriodFacet:
    period: str = document_field(
        key="_id",
        description="The period in UTC: a year (`2026`), a week of ISO 8601 (`2026-W07`) or a day "
        "(`2026-02-14`).",
    )
    count: int = document_field(description="How many items of the list were published in it.")


@strawberry.type(description="A month, and how many items of the list were published in it (UTC).")
class MonthFacet:
    month: str = document_field(key="_id", description="The month in UTC, such as `2026-02`.")
    count: int = document_field(description="How many items of the list were published in it.")
