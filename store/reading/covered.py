"""Lists that the index `counts` holds whole, so that counting reads no document.

The list indexes are multikey, by which a query can only use one label: to count a category and a
type, it would fetch every item of one of them. The index `counts` has the fields that have a single
value, so it answers for several of them at once (MongoDB manual, "Covered Query").
"""

from collections.abc import Iterator
from typing import Final

from store.documents import Expression
from store.labels import CATEGORY, EVERY_ITEM, TYPE
from store.reading.facets import PERIODS, FacetField, SiteFacet
from store.reading.listing import Conditions, Listing, any_of
from store.taxonomies import PROVIDERS

_FIELDS: Final = {
    CATEGORY: "countable.category",
    TYPE: "countable.type",
    PROVIDERS.kind: "provider.id",
}
"""The fields of the index, by what the labels of their values begin with."""

_FACETS: Final = {FacetField.CATEGORIES, FacetField.TYPES, FacetField.PROVIDERS, *PERIODS}


def is_covered(facet: FacetField | SiteFacet) -> bool:
    """Return whether the index has the values of a facet."""
    return facet in _FACETS


def covered_match(listing: Listing, parent: str) -> Expression | None:
    """Return the query of a list by the fields of the index; None if it needs others."""
    if listing.parent_field != "labels":
        return None
    given = listing.conditions
    rest = Conditions(given.labels, published=given.published)
    if given != rest._replace(
        published_after=given.published_after, published_before=given.published_before
    ):
        return None
    groups = [*given.labels] if parent == EVERY_ITEM else [(parent,), *given.labels]
    clauses = [*_clauses(groups)]
    if len(clauses) != len(groups):
        return None
    dates: Expression = {}
    if given.published_after is not None:
        dates["$gte"] = given.published_after
    if given.published_before is not None:
        dates["$lt"] = given.published_before
    if dates:
        clauses.append({"publishedDateTime": dates})
    return {"$and": [{"published": any_of(listing.published)}, *clauses]}


def _clauses(groups: list[tuple[str, ...]]) -> Iterator[Expression]:
    for group in groups:
        kind = group[0].partition(":")[0]
        if (field := _FIELDS.get(kind)) is not None:
            values = group
            if kind != PROVIDERS.kind:  # the field holds the whole id
                values = tuple(label.partition(":")[2] for label in group)
            yield {field: any_of(values)}
