"""Counting the items of a list by category, type, topic, author, provider and month."""

from enum import StrEnum
from typing import TypedDict

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


class Count(TypedDict):
    """A value of a facet, and how many items have it."""

    _id: str
    count: int


def facet_stages(facet: FacetField) -> Pipeline:
    """Return the stages that count a list: most frequent value first, or newest month first.

    They return `Count`s, at most MAX_FACET_VALUES (months: MAX_MONTHS). Items without a value are
    not counted.
    """
    if facet is FacetField.MONTHS:
        month: Expression = {"$dateToString": {"date": "$publishedDateTime", "format": "%Y-%m"}}
        return [*_counted_by(month), {"$sort": {"_id": -1}}, {"$limit": MAX_MONTHS}]
    each: Pipeline = [{"$unwind": _LISTS[facet]}] if facet in _LISTS else []
    return [
        *each,
        *_counted_by(f"${facet}"),
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": MAX_FACET_VALUES},
    ]


def _counted_by(expression: str | Expression) -> Pipeline:
    return [
        {"$group": {"_id": expression, "count": {"$sum": 1}}},
        {"$match": {"_id": {"$ne": None}}},
    ]
