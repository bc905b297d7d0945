"""Counting the items of a list by category, type, topic, provider and month."""

from enum import StrEnum
from typing import TypedDict

from store.documents import Expression, Pipeline

MAX_FACET_VALUES = 100
MAX_MONTHS = 1200


class FacetField(StrEnum):
    """What items are counted by. The values of topics and providers are ids."""

    CATEGORIES = "category"
    TYPES = "type"
    TOPICS = "topics.id"
    PROVIDERS = "provider.id"
    MONTHS = "month"


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
    each: Pipeline = [{"$unwind": "$topics"}] if facet is FacetField.TOPICS else []
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
