"""Counting the items of a list by what they have in common."""

from enum import StrEnum
from typing import Any

from store.documents import Document

MAX_VALUES = 100
MAX_MONTHS = 1200


class Facet(StrEnum):
    """What items can be counted by; a facet's values are ids for providers and topics."""

    CATEGORIES = "category"
    TYPES = "type"
    TOPICS = "topics.id"
    PROVIDERS = "provider.id"
    MONTHS = "month"


def facet_stages(facet: Facet) -> list[Document]:
    """Give the pipeline stages that count a list, the most frequent value first, the newest month.

    They give documents `{"_id": value, "count": int}`, at most MAX_VALUES or MAX_MONTHS of them,
    none for absent values.
    """
    if facet is Facet.MONTHS:
        month = {"$dateToString": {"date": "$publishedDateTime", "format": "%Y-%m"}}
        return [*_counted(month), {"$sort": {"_id": -1}}, {"$limit": MAX_MONTHS}]
    each = [{"$unwind": "$topics"}] if facet is Facet.TOPICS else []
    return [
        *each,
        *_counted(f"${facet}"),
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": MAX_VALUES},
    ]


def _counted(value: Any) -> list[Document]:
    return [
        {"$group": {"_id": value, "count": {"$sum": 1}}},
        {"$match": {"_id": {"$ne": None}}},
    ]
