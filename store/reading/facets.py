"""Counting the items of a list by category, type, topic, author, provider and month."""

from enum import StrEnum
from typing import Any, NamedTuple, TypedDict

from store.documents import Expression, Pipeline

MAX_FACET_VALUES = 100
MAX_MONTHS = 1200


class FacetField(StrEnum):
    """What items are counted by. The values of topics, authors and providers are ids."""

    CATEGORIES = "category"
    TYPES = "type"
    TOPICS = "topics.id"
    AUTHORS = "authors.id"
    PROVIDERS = "provider.id"
    MONTHS = "month"


_LISTS = {FacetField.TOPICS: "$topics", FacetField.AUTHORS: "$authors"}


class SiteFacet(NamedTuple):
    """One of a site's own fields, whose values are at a path of items; `many` if in a list."""

    name: str
    path: str
    many: bool


class Count(TypedDict):
    """A value of a facet, of the type of its field, and how many items have it."""

    _id: Any
    count: int


def facet_stages(facet: FacetField | SiteFacet) -> Pipeline:
    """Return the stages that count a list: most frequent value first, or newest month first.

    They return `Count`s, at most MAX_FACET_VALUES (months: MAX_MONTHS). Items without a value are
    not counted.
    """
    if facet is FacetField.MONTHS:
        month: Expression = {"$dateToString": {"date": "$publishedDateTime", "format": "%Y-%m"}}
        return [*_counted_by(month), {"$sort": {"_id": -1}}, {"$limit": MAX_MONTHS}]
    if isinstance(facet, SiteFacet):
        return _site_stages(facet)
    each: Pipeline = [{"$unwind": _LISTS[facet]}] if facet in _LISTS else []
    return [*each, *_most_frequent(f"${facet}")]


def _site_stages(facet: SiteFacet) -> Pipeline:
    if not facet.many:
        return _most_frequent(f"${facet.path}")
    # An item counts once for a value, however often its list has it.
    each: Expression = {"value": {"$setUnion": [f"${facet.path}", []]}}
    return [{"$project": each}, {"$unwind": "$value"}, *_most_frequent("$value")]


def _most_frequent(expression: str) -> Pipeline:
    return [
        *_counted_by(expression),
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": MAX_FACET_VALUES},
    ]


def _counted_by(expression: str | Expression) -> Pipeline:
    return [
        {"$group": {"_id": expression, "count": {"$sum": 1}}},
        {"$match": {"_id": {"$ne": None}}},
    ]
