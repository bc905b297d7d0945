"""Take fields from where site generators have them (docs/loading.md, "Other names").

A field that the file has under its own name is never replaced.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from loaders.dates import parse_date
from loaders.file_names import date_in, title_of
from loaders.headings import first_heading
from loaders.source_mapping import SourceMapping
from loaders.values import Value
from store.fields import CONTAINERS, ITEM
from store.shapes import Shape

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")  # near RFC 5646, section 2.1
_WHOLE_URL = re.compile(r"https?://", re.IGNORECASE)
_SHORTEST_DATE = len("2024-5-1")
_KEYS_IN = {
    container: {key for name in fields for key in (name, *ITEM[name].synonyms)}
    for container, fields in CONTAINERS.items()
}
_DATED_PATHS = ("path", "url", "permalink")
_DATED_PATH = re.compile(r"/?\d{4}/\d{1,2}/\d{1,2}(?:/|$)")


def take_conventions(source: SourceMapping) -> None:
    """Set the fields of an item that a file does not have under their own names."""
    data = source.data
    if not data.keys().isdisjoint(CONTAINERS):
        _take_from_containers(source)
    if not data.keys().isdisjoint(ITEM.synonym_keys):
        _take_categories(source)
        take_synonyms(source, ITEM)
    if isinstance(data.get("category"), list):
        _take_first_category(source)
    if "published" in data and _is_date(data["published"]):
        _take_date_of_publication(source)
    _split_tags(source)
    title = data.get("title")
    if title is None or (isinstance(title, str) and not title.strip()):
        _take_title(source)


def date_of(source: SourceMapping) -> datetime | None:
    """Return the date in the name of an item without one, or in an address that nothing took."""
    if source.is_named and (date := date_in(source.path)):
        return date
    for key in _DATED_PATHS:
        path = source.extra.get(key)
        if isinstance(path, str) and _DATED_PATH.match(path):
            return date_in(path)
    return None


def take_synonyms(source: SourceMapping, shape: Shape) -> None:
    """Rename the keys that stand for a field. Those that are not needed move to `extra`."""
    data = source.data
    for field, synonyms in shape.synonyms.items():
        for synonym in synonyms:
            if synonym not in data:
                continue
            value = data[synonym]
            if _is_blank(value) and not shape[field].required:
                del data[synonym]
            elif field in data or not _fits(field, value):
                source.move_to_extra(synonym)
            else:
                del data[synonym]
                source.set_field(field, value, key=synonym)


def _is_blank(value: Value) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _fits(field: str, value: Value) -> bool:
    return field not in FITTING or FITTING[field](value)


def _is_whole_url(value: Value) -> bool:
    """Return whether a value is an address. Generators use the same keys for paths of a site."""
    return isinstance(value, str) and _WHOLE_URL.match(value.strip()) is not None


def _is_language(value: Value) -> bool:
    """Return whether a value names a human language; sites about programs have others."""
    return isinstance(value, str) and _LANGUAGE.fullmatch(value.strip()) is not None


FITTING: Mapping[str, Callable[[Value], bool]] = {
    "webUrl": _is_whole_url,
    "locale": _is_language,
}
"""Fields whose synonyms are read only if their values fit."""


def _take_from_containers(source: SourceMapping) -> None:
    for container, fields in CONTAINERS.items():
        mapping = source.data.get(container)
        if not isinstance(mapping, dict) or mapping.keys().isdisjoint(_KEYS_IN[container]):
            continue
        for name in sorted(fields):
            field = ITEM[name]
            names = (name, *field.synonyms)
            key = next((key for key in names if not _is_blank(mapping.get(key))), None)
            if key and source.data.keys().isdisjoint(names):
                source.take_out(container, key)


def _take_categories(source: SourceMapping) -> None:
    """Take `categories`, of which the first is the category."""
    data = source.data
    if "categories" not in data:
        return
    categories = data["categories"]
    parts = _parts(categories) if isinstance(categories, str) else categories
    first = parts[0] if isinstance(parts, list) and parts else categories
    is_category = "category" not in data and isinstance(first, str) and first != ""
    if is_category:
        source.set_field("category", first, key="categories")
    if categories in (None, []) or (is_category and parts in (first, [first])):
        del data["categories"]
    else:
        source.move_to_extra("categories")


def _is_date(value: Value) -> bool:
    """Return whether a value is a date with a day, and not a flag such as 1."""
    if not isinstance(value, str) or len(value.strip()) < _SHORTEST_DATE:
        return False
    try:
        parse_date(value)
    except ValueError:
        return False
    return True


def _take_date_of_publication(source: SourceMapping) -> None:
    """Take the date that Obsidian's Web Clipper writes under `published`; the item is published."""
    if "publishedDateTime" in source.data:
        source.move_to_extra("published")
    else:
        source.set_field("publishedDateTime", source.data.pop("published"), key="published")


def _take_first_category(source: SourceMapping) -> None:
    """Take the first of several categories under `category`, as VuePress has them."""
    categories = source.data["category"]
    if isinstance(categories, list) and categories and isinstance(categories[0], str):
        if len(categories) > 1:
            source.keep("category")
        source.data["category"] = categories[0]


def _split_tags(source: SourceMapping) -> None:
    """Split tags that are one text, as Jekyll and Hugo do; keywords have commas between them."""
    tags = source.data.get("tags")
    if isinstance(tags, str):
        is_keywords = source.place("tags")[-1] == "keywords"
        source.data["tags"] = [*_split(tags, ",")] if is_keywords else _parts(tags)


def _parts(text: str) -> list[Value]:
    return [*_split(text, "," if "," in text else None)]


def _split(text: str, separator: str | None) -> list[str]:
    return [part for piece in text.split(separator) if (part := piece.strip())]


def _take_title(source: SourceMapping) -> None:
    if source.body and (heading := first_heading(source.body)):
        source.data["title"] = heading.text
        source.body = heading.body or None
    elif source.is_named and (title := title_of(source.path, source.root)):
        source.data["title"] = title
