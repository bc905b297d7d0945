"""Labels: the names of the lists that an item is in, stored with the item.

Names are compared by their slugs, so case and punctuation make no difference.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from store import ids
from store.taxonomies import TAXONOMIES

EVERY_ITEM: Final = "*"
HAS_IMAGE, NO_IMAGE = "image", "no-image"

CATEGORY, TYPE, TAG, LOCALE = "category", "type", "tag", "locale"
"""What the labels of names begin with. Those of taxonomies begin with their kinds."""

# Most items of a corpus have the same few names.
_slug = lru_cache(1024)(ids.slug)


def category_label(category: str) -> str:
    """Return the label of the items in a category."""
    return f"{CATEGORY}:{_slug(category)}"


def type_label(type_: str) -> str:
    """Return the label of the items of a type."""
    return f"{TYPE}:{_slug(type_)}"


def tag_label(tag: str) -> str:
    """Return the label of the items with a tag."""
    return f"{TAG}:{_slug(tag)}"


def locale_label(locale: str) -> str:
    """Return the label of the items in a locale, or in any locale of a language."""
    return f"{LOCALE}:{_slug(locale)}"


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
    if tags := item.get("tags"):
        found.extend(dict.fromkeys(map(tag_label, tags)))
    if "locale" in item:
        found.extend(_locale_labels(item["locale"]))
    found.append(HAS_IMAGE if item["images"] else NO_IMAGE)
    return found


def countable(item: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return the slugs of an item's names by their fields: what counts and facets go by."""
    found: dict[str, str | list[str]] = {
        name: _slug(item[name]) for name in ("category", "type", "locale") if name in item
    }
    if tags := item.get("tags"):
        found["tags"] = list(dict.fromkeys(map(_slug, tags)))
    return found


def spelling(label: str, item: Mapping[str, Any]) -> str:
    """Return how an item spells the name that one of its labels is of, or else the label."""
    kind, _, name = label.partition(":")
    values = item.get("tags", ()) if kind == TAG else (item.get(kind),)
    for value in values:
        if isinstance(value, str) and _slug(value) == name:
            return value
    return label


def _locale_labels(locale: str) -> Sequence[str]:
    """Return the labels of a locale and of its language, which comes first (RFC 5646)."""
    label = locale_label(locale)
    language, _, rest = label.partition("-")
    return (language, label) if rest else (label,)
