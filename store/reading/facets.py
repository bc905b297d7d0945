"""Counting the items of a list by their categories, topics, dates and other values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypedDict

from store.documents import Expression, Pipeline
from store.labels import CATEGORY, LOCALE, TAG, TYPE
from store.reading.listing import Listing
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS

MAX_FACET_VALUES = 100
MAX_PERIODS = 1200


class FacetField(StrEnum):
    """What items are counted by, and its path in items.

    The values of topics, authors and providers are ids, and those of other names their slugs.
    """

    CATEGORIES = "countable.category"
    TYPES = "countable.type"
    TAGS = "countable.tags"
    LOCALES = "countable.locale"
    TOPICS = "topics.id"
    AUTHORS = "authors.id"
    PROVIDERS = "provider.id"
    YEARS = "year"
    MONTHS = "month"
    WEEKS = "week"
    DAYS = "day"


PERIODS: Final[Mapping[FacetField, str]] = {
    FacetField.YEARS: "%Y",
    FacetField.MONTHS: "%Y-%m",
    FacetField.WEEKS: "%G-W%V",
    FacetField.DAYS: "%Y-%m-%d",
}
"""The facets of periods, with the formats of their values: weeks are those of ISO 8601."""

LABELS: Final[Mapping[FacetField, str]] = {
    FacetField.CATEGORIES: f"{CATEGORY}:",
    FacetField.TYPES: f"{TYPE}:",
    FacetField.TAGS: f"{TAG}:",
    FacetField.LOCALES: f"{LOCALE}:",
    FacetField.TOPICS: f"{TOPICS.kind}:",
    FacetField.AUTHORS: f"{AUTHORS.kind}:",
    FacetField.PROVIDERS: f"{PROVIDERS.kind}:",
}
"""What the labels of a facet's values begin with."""

_PUBLISHED: Final = "$publishedDateTime"
# Values are compared by their type first, so this is not true of what is no date.
_IS_DATE: Final[Expression] = {
    "$and": [
        {"$gte": [_PUBLISHED, datetime.min.replace(tzinfo=UTC)]},
        {"$lte": [_PUBLISHED, datetime.max.replace(tzinfo=UTC)]},
    ]
}
_EXIST: Final[Expression] = {"$ne": None}
_ARE_TEXTS: Final[Expression] = {"$type": "string", "$not": {"$type": "array"}}
_LISTS = {
    FacetField.TAGS: "$countable.tags",
    FacetField.TOPICS: "$topics",
    FacetField.AUTHORS: "$authors",
}


class SiteFacet(NamedTuple):
    """One of a site's own fields, whose values are at a path of items; `many` if in a list."""

    name: str
    path: str
    many: bool


class Count(TypedDict):
    """A value of a facet, of the type of its field, and how many items have it."""

    _id: Any
    count: int


def listing_of_facet(listing: Listing, facet: FacetField | SiteFacet) -> Listing:
    """Return the list that a facet counts: all but the filter by the facet's own values.

    So choosing a value does not hide its neighbours. Ranges of dates restrict periods, too.
    """
    if isinstance(facet, SiteFacet):
        return listing.without(f"site:{facet.name}:")
    return listing.without(LABELS[facet]) if facet in LABELS else listing


def facet_stages(facet: FacetField | SiteFacet, *, damaged: bool = False) -> Pipeline:
    """Return the stages that count a list: most frequent value first, or newest period first.

    They return `Count`s, at most MAX_FACET_VALUES (periods: MAX_PERIODS). Items without a value are
    not counted. A date that is none, or a text instead of a list, is an error, unless the list may
    be `damaged`: then each value is looked at, which takes time.
    """
    if isinstance(facet, SiteFacet):
        return _site_stages(facet, damaged)
    if facet in PERIODS:
        date: Any = {"$cond": [_IS_DATE, _PUBLISHED, None]} if damaged else _PUBLISHED
        period: Expression = {"$dateToString": {"date": date, "format": PERIODS[facet]}}
        return [*_counted_by(period), {"$sort": {"_id": -1}}, {"$limit": MAX_PERIODS}]
    each: Pipeline = [{"$unwind": _LISTS[facet]}] if facet in _LISTS else []
    return [*each, *_most_frequent(f"${facet}", _ARE_TEXTS)]


def _site_stages(facet: SiteFacet, damaged: bool) -> Pipeline:
    values: Any = f"${facet.path}"
    if not facet.many:
        return _most_frequent(values)
    if damaged:
        values = {"$cond": [{"$isArray": values}, values, []]}
    # An item counts once for a value, however often its list has it.
    each: Expression = {"value": {"$setUnion": [values, []]}}
    return [{"$project": each}, {"$unwind": "$value"}, *_most_frequent("$value")]


def _most_frequent(expression: str, kept: Expression = _EXIST) -> Pipeline:
    return [
        *_counted_by(expression, kept),
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": MAX_FACET_VALUES},
    ]


def _counted_by(expression: str | Expression, kept: Expression = _EXIST) -> Pipeline:
    return [
        {"$group": {"_id": expression, "count": {"$sum": 1}}},
        {"$match": {"_id": kept}},
    ]
