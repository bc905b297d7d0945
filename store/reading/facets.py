"""Counting the items of a list by category, type, topic, author, provider and month."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypedDict

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


def facet_stages(facet: FacetField | SiteFacet, *, damaged: bool = False) -> Pipeline:
    """Return the stages that count a list: most frequent value first, or newest month first.

    They return `Count`s, at most MAX_FACET_VALUES (months: MAX_MONTHS). Items without a value are
    not counted. A date that is none, or a text instead of a list, is an error, unless the list may
    be `damaged`: then each value is looked at, which takes time.
    """
    if facet is FacetField.MONTHS:
        date: Any = {"$cond": [_IS_DATE, _PUBLISHED, None]} if damaged else _PUBLISHED
        month: Expression = {"$dateToString": {"date": date, "format": "%Y-%m"}}
        return [*_counted_by(month), {"$sort": {"_id": -1}}, {"$limit": MAX_MONTHS}]
    if isinstance(facet, SiteFacet):
        return _site_stages(facet, damaged)
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
