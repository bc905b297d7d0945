"""Which items a list holds, in which order: turned into what MongoDB is asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from store.audience import Audience
from store.connection import Document
from store.documents import EVERY_ITEM, HAS_IMAGE, descending_key, sort_keys

# A text score of up to a million, in units of a billionth.
_SCORE_SCALE = 10**9
_SCORE_CEILING = 2 * 10**15
AFTER_ALL = "~~"  # sorts after every sort key that starts with the same number


class ItemOrder(StrEnum):
    """The orders of an item list; each but `RELEVANCE` names a sort key."""

    NEWEST = "newest"
    OLDEST = "oldest"
    HOTTEST = "hottest"
    BEST = "best"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What items must have: one label of each group of `labels`, and all of the rest."""

    labels: tuple[tuple[str, ...], ...] = ()
    has_image: bool | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    min_quality: int | None = None
    min_heat: int | None = None
    published: bool | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of items as one audience sees it; `through` is the field that ties it to a parent."""

    audience: Audience
    filter: ItemFilter = ItemFilter()
    order: ItemOrder = ItemOrder.NEWEST
    through: str = "labels"

    @property
    def sort_field(self) -> str:
        """The field whose ascending order is the list's."""
        return "_key" if self.filter.search is not None else f"sort.{self.order}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be in it, whatever the store holds."""
        return self.audience is Audience.PUBLIC and self.filter.published is False

    def stages(self, parent: str | None = None) -> list[Document]:
        """Give the pipeline stages that find the list, under `parent` or wherever it is joined."""
        stages: list[Document] = [{"$match": self.match(parent)}]
        if self.filter.search is not None:
            stages.append({"$set": {self.sort_field: _search_key(self.order)}})
        return stages

    def match(self, parent: str | None = None) -> Document:
        """Give the query that finds the list's items, under `parent` if one is given."""
        wanted = self.filter
        clauses: list[Document] = [{"labels": _any_of(group)} for group in wanted.labels]
        # EVERY_ITEM finds nothing that a narrower label does not, and could mislead the planner.
        if parent is not None and not (parent == EVERY_ITEM and clauses):
            clauses.insert(0, {self.through: parent})
        if wanted.has_image is not None:
            clauses.append({"labels": HAS_IMAGE if wanted.has_image else {"$ne": HAS_IMAGE}})
        if dates := _range(wanted.published_after, wanted.published_before):
            clauses.append({"publishedDateTime": dates})
        if wanted.min_quality is not None:
            clauses.append({"quality": {"$gte": wanted.min_quality}})
        if wanted.min_heat is not None:
            clauses.append({"heat": {"$gte": wanted.min_heat}})
        if bounds := self._bounds():
            clauses.append({self.sort_field: bounds})
        if wanted.search is not None:
            clauses.append({"$text": {"$search": wanted.search}})
        return {"$and": [{"published": self._published()}, *clauses]}

    def _published(self) -> Any:
        if self.audience is Audience.PUBLIC:
            return True
        # Both values rather than none, so that the index's sort key stays within reach.
        return (
            self.filter.published if self.filter.published is not None else {"$in": [True, False]}
        )

    def _bounds(self) -> dict[str, str]:
        """Say a range once more as a range of the sort key, where the order allows it."""
        wanted = self.filter
        after, before = wanted.published_after, wanted.published_before
        bounds: dict[str, str] = {}
        if wanted.search is not None:
            return bounds
        if self.order is ItemOrder.NEWEST:
            if before is not None:
                bounds["$gt"] = _date_key(before, "newest") + AFTER_ALL
            if after is not None:
                bounds["$lt"] = _date_key(after, "newest") + AFTER_ALL
        elif self.order is ItemOrder.OLDEST:
            if after is not None:
                bounds["$gte"] = _date_key(after, "oldest")
            if before is not None:
                bounds["$lt"] = _date_key(before, "oldest")
        elif self.order is ItemOrder.BEST and wanted.min_quality is not None:
            bounds["$lt"] = descending_key(wanted.min_quality) + AFTER_ALL
        elif self.order is ItemOrder.HOTTEST and wanted.min_heat is not None:
            bounds["$lt"] = descending_key(wanted.min_heat) + AFTER_ALL
        return bounds


def _any_of(values: tuple[str, ...]) -> Any:
    return values[0] if len(values) == 1 else {"$in": list(values)}


def _range(start: datetime | None, end: datetime | None) -> dict[str, datetime]:
    bounds = {}
    if start is not None:
        bounds["$gte"] = start
    if end is not None:
        bounds["$lt"] = end
    return bounds


def _date_key(date: datetime, order: Literal["newest", "oldest"]) -> str:
    return sort_keys({"_id": "item:", "publishedDateTime": date})[order]


def _search_key(order: ItemOrder) -> Any:
    """Give the expression of a found item's sort key, as text like the stored ones."""
    if order is not ItemOrder.RELEVANCE:
        return f"$sort.{order}"
    # Always 16 digits, fewer for a better score: text then sorts as the numbers would.
    score = {"$toLong": {"$multiply": [{"$meta": "textScore"}, _SCORE_SCALE]}}
    descending = {"$toString": {"$subtract": [_SCORE_CEILING, score]}}
    return {"$concat": [descending, ":", "$sort.newest"]}
