"""Which items a list holds, in which order: turned into what MongoDB is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from store.audience import Audience
from store.documents import (
    EVERY_ITEM,
    HAS_IMAGE,
    NO_IMAGE,
    NO_VALUE,
    Document,
    descending_key,
    sort_keys,
)

_AFTER_ALL = "~~"  # sorts after every sort key that starts with the same number
# A text score of up to a million, in units of a billionth.
_SCORE_SCALE = 10**9
_SCORE_CEILING = 2 * 10**15


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
    def is_unfiltered(self) -> bool:
        """Whether its parent alone, and the audience, say which items are in it."""
        return self.filter == ItemFilter(published=self.filter.published)

    def stages(self, parent: str | None = None) -> list[Document]:
        """Give the pipeline stages that find the list, under `parent` or wherever it is joined."""
        stages: list[Document] = [{"$match": self.match(parent)}]
        if self.filter.search is not None:
            stages.append({"$set": {self.sort_field: _search_key(self.order)}})
        return stages

    def match(self, parent: str | None = None) -> Document:
        """Give the query that finds the list's items, under `parent` if one is given.

        All but the search is asked of keys that are in an index (store.indexes).
        """
        wanted = self.filter
        groups = list(wanted.labels)
        if wanted.has_image is not None:
            groups.append((HAS_IMAGE if wanted.has_image else NO_IMAGE,))
        clauses: list[Document] = [{"labels": _any_of(group)} for group in groups]
        # EVERY_ITEM finds nothing that a narrower label does not, and could mislead the planner.
        if parent is not None and not (parent == EVERY_ITEM and clauses):
            clauses.insert(0, {self.through: parent})
        clauses.extend(self._ranges())
        if wanted.search is not None:
            clauses.append({"$text": {"$search": wanted.search}})
        return {"$and": [{"published": _any_of(self._published())}, *clauses]}

    def _published(self) -> tuple[bool, ...]:
        # Both values rather than none, so that the index's sort key stays within reach.
        visible = (True,) if self.audience is Audience.PUBLIC else (True, False)
        return tuple(value for value in visible if self.filter.published in (None, value))

    def _ranges(self) -> Iterator[Document]:
        """Give the ranges of dates and numbers as ranges of the sort keys that start with them.

        A range of the list's own order narrows the part of its index that is read. Any other lets
        the planner choose: to follow the list's order and pass over what is out of range, or to
        read the range and sort what it finds, whichever it finds to be less work.
        """
        wanted = self.filter
        after, before = wanted.published_after, wanted.published_before
        if after is not None or before is not None:
            if self.order is ItemOrder.OLDEST:
                start = {} if after is None else {"$gte": _date_key(after, "oldest")}
                end = NO_VALUE if before is None else _date_key(before, "oldest")
                yield {"sort.oldest": {**start, "$lt": end}}
            else:
                start = {} if before is None else {"$gt": _date_key(before, "newest") + _AFTER_ALL}
                end = NO_VALUE if after is None else _date_key(after, "newest") + _AFTER_ALL
                yield {"sort.newest": {**start, "$lt": end}}
        if wanted.min_quality is not None:
            yield {"sort.best": {"$lt": descending_key(wanted.min_quality) + _AFTER_ALL}}
        if wanted.min_heat is not None:
            yield {"sort.hottest": {"$lt": descending_key(wanted.min_heat) + _AFTER_ALL}}


def _any_of(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else {"$in": list(values)}


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
