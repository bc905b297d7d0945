"""Types for MongoDB's documents and queries, and the derived keys of items.

A field that a file does not have is absent from its document, never null.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from store.ids import name_in
from store.labels import countable, labels
from store.orders import ItemOrder

Document = dict[str, Any]
"""A MongoDB document whose keys are not known here."""

Expression = dict[str, object]
"""A query, a stage or an expression, in MongoDB's language."""

Pipeline = list[Expression]
"""The stages of an aggregation."""

Projection = Mapping[str, int | str]
"""The keys to return: 1 for a stored one, `"$path"` for the value at another path."""

SortKeys = dict[str, str]
"""One sort string for each stored `ItemOrder`, sorted ascending; items without a date come last."""


CORPUS_ID = "corpus"
"""The id of the only document in the collection `meta`: the corpus's version and site fields."""

NO_VALUE = "~"  # stands for an absent date or number in a sort key: after all hexadecimal digits

_YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)  # the resolution of a BSON date
_LAST_MS = 0x1_FFFF_FFFF_FFFF  # above the milliseconds from year 1 to year 9999
_INT32_MAX = 2**31 - 1


def sort_keys(item: Mapping[str, Any]) -> SortKeys:
    """Return an item's sort keys, which are unique because they end with its id.

    `hottest`, `best` and `updated` break ties by `newest`. An absent number sorts after all
    numbers. An item without an `updatedDateTime` was updated when it was published.
    """
    tie = name_in(item["_id"])
    latest = earliest = NO_VALUE
    if date := item.get("publishedDateTime"):
        latest, earliest = latest_first(date), earliest_first(date)
    updated = latest_first(item["updatedDateTime"]) if "updatedDateTime" in item else latest
    newest = f"{latest}:{tie}"
    return {
        ItemOrder.NEWEST.value: newest,
        ItemOrder.OLDEST.value: f"{earliest}:{tie}",
        ItemOrder.HOTTEST.value: f"{_descending(item.get('heat'))}:{newest}",
        ItemOrder.BEST.value: f"{_descending(item.get('quality'))}:{newest}",
        ItemOrder.UPDATED.value: f"{updated}:{newest}",
    }


def rank(item: Mapping[str, Any]) -> str:
    """Return the string that ranks an item among those with its id: the greatest supersedes.

    The later `updatedDateTime` wins, then the later `publishedDateTime`, then the later path.
    """
    updated, published = (
        earliest_first(item[name]) if name in item else "0" * 13
        for name in ("updatedDateTime", "publishedDateTime")
    )
    return f"{updated}:{published}:{item['path']}"


def derive(item: dict[str, Any], more_labels: Iterable[str] = ()) -> dict[str, Any]:
    """Add the derived fields `labels`, `countable`, `sort` and `rank` to an item, and return it."""
    item["labels"] = [*labels(item), *more_labels]
    item["countable"] = countable(item)
    item["sort"] = sort_keys(item)
    item["rank"] = rank(item)
    return item


def descending_key(number: int) -> str:
    """Return a 32-bit int as a string of fixed length; the strings sort in descending order."""
    return format(_INT32_MAX - number, "08x")


def latest_first(date: datetime) -> str:
    """Return a date as a string of fixed length; the strings sort from the latest date down."""
    return format(_LAST_MS - _milliseconds(date), "013x")


def earliest_first(date: datetime) -> str:
    """Return a date as a string of fixed length; the strings sort from the earliest date up."""
    return format(_milliseconds(date), "013x")


def _descending(number: int | None) -> str:
    return NO_VALUE if number is None else descending_key(number)


def _milliseconds(date: datetime) -> int:
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (aware - _YEAR_1) // _MILLISECOND
