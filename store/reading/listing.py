"""Which items a list holds, in which order: turned into MongoDB's pipeline stages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from json import JSONEncoder
from typing import NamedTuple

from store.audience import Audience
from store.documents import (
    NO_VALUE,
    Expression,
    Pipeline,
    descending_key,
    earliest_first,
    latest_first,
)
from store.labels import EVERY_ITEM, HAS_IMAGE, NO_IMAGE
from store.orders import ItemOrder
from store.schedule import Status

_AFTER_ALL = "~~"  # sorts after every sort key that starts with the same number
# MongoDB merges up to 200 parts of an index in their order, two for each label if editors ask
# (`internalQueryMaxScansToExplode`); it sorts the items of more.
_MAX_MERGED = 100
# A text score of up to a million, in units of a billionth.
_SCORE_SCALE = 10**9
_SCORE_CEILING = 2 * 10**15
# Not orjson, which refuses a search for half a surrogate pair.
_encode = JSONEncoder(default=str).encode


class Conditions(NamedTuple):
    """What the items of a list must match: one label of each group, and all of the rest."""

    labels: tuple[tuple[str, ...], ...] = ()
    has_image: bool | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    min_quality: int | None = None
    min_heat: int | None = None
    published: bool | None = None
    search: str | None = None
    updated_after: datetime | None = None
    under_topics: tuple[str, ...] = ()
    """Ids of topics: one of these, or of the topics below them."""
    exclude_ids: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()

    @property
    def wants_unpublished(self) -> bool:
        """Whether they ask for what only editors see."""
        return self.published is False or not {*self.statuses} <= {Status.PUBLISHED}


_NO_CONDITIONS = Conditions()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of items as one audience sees it; `parent_field` holds the ids of its parents.

    `topics` are those under `Conditions.under_topics`. What is under them depends on the corpus, so
    the list's key does not.
    """

    audience: Audience
    conditions: Conditions = _NO_CONDITIONS
    order: ItemOrder = ItemOrder.NEWEST
    parent_field: str = "labels"
    topics: tuple[str, ...] = ()

    @property
    def sort_field(self) -> str:
        """The path of the sort key; its ascending order is the list's."""
        return "_key" if self.conditions.search is not None else f"sort.{self.order}"

    @property
    def key(self) -> str:
        """Identifies the list.

        Cursors contain its hash, so it holds values only: renaming code must not change it.
        """
        return _encode((self.audience, self.order, self.parent_field, *self.conditions))

    @property
    def is_unfiltered(self) -> bool:
        """Whether parent and audience alone decide which items are in the list."""
        return self.conditions == Conditions(published=self.conditions.published)

    @property
    def label_groups(self) -> list[tuple[str, ...]]:
        """Groups of labels: the list's items have at least one of each group."""
        groups = list(self.conditions.labels)
        if self.conditions.under_topics:
            groups.append(self.topics or self.conditions.under_topics)
        if self.conditions.has_image is not None:
            groups.append((HAS_IMAGE if self.conditions.has_image else NO_IMAGE,))
        return groups

    @property
    def published(self) -> tuple[bool, ...]:
        """The values of `published` that the list's items have, of which there is always one."""
        # Both values rather than no condition, so that the index can still sort by its last field.
        return tuple(
            value for value in self.audience.sees if self.conditions.published in (None, value)
        )

    def is_intersection(self, *, nested: bool) -> bool:
        """Return whether no index of MongoDB has a page of the list in one piece.

        One does if the list is by one label, its parent if it is `nested`, and a range of its own
        order. Its items are read one by one for what else they must match.
        """
        given = self.conditions
        ranges = {
            ItemOrder.NEWEST: given.published_after or given.published_before,
            ItemOrder.UPDATED: given.updated_after,
            ItemOrder.BEST: given.min_quality,
            ItemOrder.HOTTEST: given.min_heat,
        }
        own = ItemOrder.NEWEST if self.order is ItemOrder.OLDEST else self.order
        others = sum(value is not None for order, value in ranges.items() if order is not own)
        is_wide = len(self.topics) > _MAX_MERGED
        return len(self.label_groups) + nested > 1 or others > 0 or is_wide

    def without(self, prefix: str) -> "Listing":
        """Return the list without its filter by labels that begin like this, if it has one."""
        labels = self.conditions.labels
        kept = tuple(group for group in labels if not group[0].startswith(prefix))
        if kept == labels:
            return self
        return replace(self, conditions=self.conditions._replace(labels=kept))

    def stages(self, parent: str | None = None) -> Pipeline:
        """Return the stages that find the list: below `parent`, or for a `$lookup` to join."""
        stages: Pipeline = [{"$match": self.match(parent)}]
        if self.conditions.search is not None:
            stages.append({"$set": {self.sort_field: _search_key(self.order)}})
        return stages

    def match(self, parent: str | None = None) -> Expression:
        """Return the query that finds the list's items, below `parent` if one is given.

        Everything but the search uses fields that are in an index (store.indexes).
        """
        clauses: list[Expression] = [{"labels": any_of(group)} for group in self.label_groups]
        # EVERY_ITEM excludes nothing that a narrower label keeps, and could mislead the planner.
        if parent is not None and not (parent == EVERY_ITEM and clauses):
            clauses.insert(0, {self.parent_field: parent})
        clauses.extend(self._ranges())
        if self.conditions.statuses:
            clauses.append(_has_status(self.conditions.statuses))
        if self.conditions.exclude_ids:
            clauses.append({"_id": {"$nin": list(self.conditions.exclude_ids)}})
        if self.conditions.search is not None:
            clauses.append({"$text": {"$search": self.conditions.search}})
        return {"$and": [{"published": any_of(self.published)}, *clauses]}

    def _ranges(self) -> Iterator[Expression]:
        """Yield ranges of dates and numbers as ranges of the sort keys that start with them.

        A range of the list's own order narrows the part of its index that is read. For any other,
        the planner chooses the cheaper: to follow the list's order and skip what is out of range,
        or to read the range and sort it.
        """
        after, before = self.conditions.published_after, self.conditions.published_before
        if after is not None or before is not None:
            if self.order is ItemOrder.OLDEST:
                start = {} if after is None else {"$gte": earliest_first(after)}
                end = NO_VALUE if before is None else earliest_first(before)
                yield _range(ItemOrder.OLDEST, {**start, "$lt": end})
            else:
                start = {} if before is None else {"$gt": latest_first(before) + _AFTER_ALL}
                end = NO_VALUE if after is None else latest_first(after) + _AFTER_ALL
                yield _range(ItemOrder.NEWEST, {**start, "$lt": end})
        if (updated := self.conditions.updated_after) is not None:
            yield _range(ItemOrder.UPDATED, {"$lt": latest_first(updated) + _AFTER_ALL})
        for order, least in (
            (ItemOrder.BEST, self.conditions.min_quality),
            (ItemOrder.HOTTEST, self.conditions.min_heat),
        ):
            if least is not None:
                yield _range(order, {"$lt": descending_key(least) + _AFTER_ALL})


def _has_status(statuses: tuple[Status, ...]) -> Expression:
    """Return the condition that an item has one of these statuses."""
    labels = tuple(status.label for status in statuses if status is not Status.PUBLISHED)
    published: Expression = {"published": True}
    unpublished: Expression = {"published": False, "labels": any_of(labels)}
    if not labels:
        return published
    return {"$or": [published, unpublished]} if Status.PUBLISHED in statuses else unpublished


def _range(order: ItemOrder, bounds: dict[str, str]) -> Expression:
    return {f"sort.{order}": bounds}


def any_of(values: tuple[str | bool, ...]) -> object:
    """Return the condition that a field has, or holds, one of these values."""
    return values[0] if len(values) == 1 else {"$in": list(values)}


def _search_key(order: ItemOrder) -> str | Expression:
    """Return the expression of a found item's sort key, as text like the stored ones."""
    if order is not ItemOrder.RELEVANCE:
        return f"$sort.{order}"
    # Always 16 digits, smaller for a better score, so that text sorts as the numbers would.
    score = {"$toLong": {"$multiply": [{"$meta": "textScore"}, _SCORE_SCALE]}}
    descending = {"$toString": {"$subtract": [_SCORE_CEILING, score]}}
    return {"$concat": [descending, ":", f"$sort.{ItemOrder.NEWEST}"]}
