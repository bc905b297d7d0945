"""Counting the items of a list by what they have in common."""

from enum import StrEnum
from typing import Any

from store.connection import Document


class Facet(StrEnum):
    """What items can be counted by; a facet's values are ids for providers and topics."""

    CATEGORIES = "category"
    TYPES = "type"
    TOPICS = "topics.id"
    PROVIDERS = "provider.id"
    MONTHS = "month"


def facet_stages(facet: Facet, limit: int) -> list[Document]:
    """Give the pipeline stages that count a list, the most frequent value first, the newest month.

    They give documents `{"_id": value, "count": int}`, at most `limit`, none for absent values.
    """
    value: Any = f"${facet}"
    order: dict[str, int] = {"count": -1, "_id": 1}
    before: list[Document] = []
    if facet is Facet.TOPICS:
        before = [{"$unwind": "$topics"}]
    elif facet is Facet.MONTHS:
        value = {"$dateToString": {"date": "$publishedDateTime", "format": "%Y-%m"}}
        order = {"_id": -1}
    return [
        *before,
        {"$group": {"_id": value, "count": {"$sum": 1}}},
        {"$match": {"_id": {"$ne": None}}},
        {"$sort": order},
        {"$limit": limit},
    ]
