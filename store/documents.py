"""Types for MongoDB's documents and queries, and the derived keys of items.

A field that a file does not have is absent from its document, never null.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from store.ids import name_in
from store.orders import ItemOrder
from store.taxonomies import TAXONOMIES

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


EVERY_ITEM = "*"
HAS_IMAGE, NO_IMAGE = "image", "no-image"
NO_VALUE = "~"  # stands for an absent date or number in a sort key: after all hexadecimal digits


def category_label(category: str) -> str:
    """Return the label of the items in a category."""
    return f"category:{category}"


def type_label(type_: str) -> str:
    """Return the label of the items of a type."""
    return f"type:{type_}"


def labels(item: Mapping[str, Any]) -> list[str]:
    """Return the labels of all the lists that an item is in.

    The ids of its provider, topics and authors are labels, so `labels` is at once the filter of
    every list, the reverse of every link, and the foreign field of every `$lookup`. One multikey
    index for each order then serves every list (MongoDB manual, "Multikey Indexes").
    """
    found = [EVERY_ITEM]
    if "category" in item:
        found.append(category_label(item["category"]))
    if "type" in item:
        found.append(type_label(item["type"]))
    for taxonomy in TAXONOMIES:
        if links := taxonomy.links(item):
            found.extend(dict.fromkeys([link["id"] for link in links]))
    found.append(HAS_IMAGE if item["images"] else NO_IMAGE)
    return found


_YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)  # the resolution of a BSON date
_LAST_MS = 0x1_FFFF_FFFF_FFFF  # above the milliseconds from year 1 to year 9999
_INT32_MAX = 2**31 - 1


def sort_keys(item: Mapping[str, Any]) -> SortKeys:
    """Return an item's sort keys, which are unique because they end with its id.

    `hottest` and `best` break ties by `newest`. An absent number sorts after all numbers.
    """
    tie = name_in(item["_id"])
    date = item.get("publishedDateTime")
    ms = None if date is None else _milliseconds(date)
    newest = f"{NO_VALUE if ms is None else format(_LAST_MS - ms, '013x')}:{tie}"
    return {
        ItemOrder.NEWEST.value: newest,
        ItemOrder.OLDEST.value: f"{NO_VALUE if ms is None else format(ms, '013x')}:{tie}",
        ItemOrder.HOTTEST.value: f"{_descending(item.get('heat'))}:{newest}",
        ItemOrder.BEST.value: f"{_descending(item.get('quality'))}:{newest}",
    }


def rank(item: Mapping[str, Any]) -> str:
    """Return the string that ranks an item among those with its id: the greatest supersedes.

    The later `updatedDateTime` wins, then the later `publishedDateTime`, then the later path.
    """
    updated, published = (
        format(_milliseconds(item[name]), "013x") if name in item else "0" * 13
        for name in ("updatedDateTime", "publishedDateTime")
    )
    return f"{updated}:{published}:{item['path']}"


def derive(item: dict[str, Any], more_labels: Iterable[str] = ()) -> dict[str, Any]:
    """Add the derived fields `labels`, `sort` and `rank` to an item, and return it."""
    item["labels"] = [*labels(item), *more_labels]
    item["sort"] = sort_keys(item)
    item["rank"] = rank(item)
    return item


def descending_key(number: int) -> str:
    """Return a 32-bit int as a string of fixed length; the strings sort in descending order."""
    return format(_INT32_MAX - number, "08x")


def _descending(number: int | None) -> str:
    return NO_VALUE if number is None else descending_key(number)


def _milliseconds(date: datetime) -> int:
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (aware - _YEAR_1) // _MILLISECOND
