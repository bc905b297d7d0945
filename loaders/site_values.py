"""Take what a site file says about an item: its own fields, names, addresses and defaults."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from loaders.file_names import slug_of
from loaders.jekyll_folders import collection_of
from loaders.permalinks import permalink
from loaders.source_mapping import SourceMapping
from loaders.values import Value
from store.documents import Document
from store.fields import ITEM
from store.ids import author_id, item_id, provider_id, topic_id
from store.site_fields import RESERVED_KEYS, SiteField
from store.site_types import Link, Scalar, SiteType

_PATH = re.compile(r"/(?!/)[^\s:]*")
_SPLIT: Final = frozenset(("tags", "categories"))
_KEPT: Final = RESERVED_KEYS | ITEM.synonym_keys
_BLANKS: Final[tuple[Value, ...]] = (None, "", [])
_IDS: Final[Mapping[Link, Callable[[str], str]]] = {
    Link.ITEM: item_id,
    Link.PROVIDER: provider_id,
    Link.TOPIC: topic_id,
    Link.AUTHOR: author_id,
}
_Ids: TypeAlias = Mapping[Link, Callable[[str], str]]
_SAME_IDS: Final[_Ids] = dict.fromkeys(Link, str)


def whole_url(value: Value, url: str) -> Value:
    """Return a path below a site's address as a whole URL, and everything else as it is."""
    if url and isinstance(value, str) and _PATH.fullmatch(value.strip()):
        return url + value.strip()
    return value


def take_names(source: SourceMapping) -> None:
    """Set newsgraph's own fields from the keys that the site file names.

    A key that newsgraph reads anyway stays where it is: tags can be topics too.
    """
    data = source.data
    for name, keys in source.rules.site.names:
        if name in data or not (key := next((key for key in keys if _has(source, key)), None)):
            continue
        value = data[key] if key in _KEPT else data.pop(key)
        if key in _SPLIT and ITEM[name].many and isinstance(value, str):
            value = [*filter(None, re.split(r"\s*,\s*" if "," in value else r"\s+", value.strip()))]
        source.set_field(name, value, key=key)


def _has(source: SourceMapping, key: str) -> bool:
    """Return whether a file has a value under a key, and take it out of the table that has it."""
    if source.data.get(key) in _BLANKS and (table := source.table_of(key, blanks=_BLANKS)):
        source.take_out(table, key)
    return source.data.get(key) not in _BLANKS


def take_urls(source: SourceMapping) -> None:
    """Make whole URLs of the paths that items and their related entries have as addresses."""
    url = source.rules.site.url
    data = source.data
    for key in ("webUrl", *ITEM["webUrl"].synonyms):
        if key in data:
            data[key] = whole_url(data[key], url)
    related = data.get("related")
    for entry in related if isinstance(related, list) else [related]:
        if isinstance(entry, dict) and "webUrl" in entry:
            entry["webUrl"] = whole_url(entry["webUrl"], url)


def set_defaults(source: SourceMapping, item: Document) -> None:
    """Set what a checked item lacks: its address, provider and locale."""
    site = source.rules.site
    if site.permalink and source.is_named and not {"webUrl", "originalUrl"} & item.keys():
        texts = {
            "slug": item.get("slug") or slug_of(source.path, source.root),
            "category": item.get("category") or collection_of(source.root, source.path),
        }
        if path := permalink(site.permalink, item.get("publishedDateTime"), texts):
            item["webUrl"] = site.url + path
    if site.provider and "provider" not in item:
        item["provider"] = {**site.provider._asdict(), "images": []}
    if site.locale:
        item.setdefault("locale", site.locale)


def take_site_fields(
    source: SourceMapping, *, links_are_ids: bool = False
) -> tuple[Document, list[str]]:
    """Take the site's own fields out of a mapping: what the document stores, and its labels.

    `links_are_ids` if the mapping has ids where others have the names and addresses of links.
    """
    rules = source.rules
    own = source.part({field.key: field.name for field in rules.site.fields})
    for field in rules.site.fields:
        if field.name in own.data:
            own.data[field.name] = _with_whole_urls(
                own.data[field.name], field.type, rules.site.url
            )
    checked = own.checked(rules.stored_shape if links_are_ids else rules.shape)
    ids = _SAME_IDS if links_are_ids else _IDS
    stored: Document = {}
    labels: list[str] = []
    for field in rules.site.fields:
        if field.name not in own.data:
            continue
        try:
            value = _stored(checked[field.name], field.type, ids)
        except ValueError as error:
            own.leave_out((field.name,), f"is not a valid URL: {error}", "url")
            continue
        if not _is_all(checked[field.name], field.type):
            own.keep(field.name)
        name, digest = field.stored_at
        stored[name] = {digest: value}
        if field.filter:
            labels += _labels(field, value)
    source.take_problems(own)
    return stored, labels


def _labels(field: SiteField, value: Any) -> Iterable[str]:
    values = value if field.type.many else [value]
    return dict.fromkeys(map(field.label, values))


def _with_whole_urls(value: Value, type_: SiteType, url: str) -> Value:
    if isinstance(value, list):
        return [_with_whole_urls(member, type_, url) for member in value]
    if isinstance(value, dict):
        types = dict(type_.members)
        return {
            key: _with_whole_urls(below, types[key], url) if key in types else below
            for key, below in value.items()
        }
    return whole_url(value, url) if type_.kind in (Scalar.URL, Link.ITEM) else value


def _is_all(value: Any, type_: SiteType) -> bool:
    """Return whether the members of a type have all that there is in a value."""
    if not type_.members:
        return True
    if type_.many:
        return all(_is_all(member, type_._replace(many=False)) for member in value)
    types = dict(type_.members)
    return all(name in types and _is_all(below, types[name]) for name, below in value.items())


def _stored(value: Any, type_: SiteType, ids: _Ids) -> Any:
    """Return a checked value with ids for links. Raises ValueError for a URL without one."""
    if type_.many:
        single = type_._replace(many=False)
        return [_stored(member, single, ids) for member in value]
    if type_.members:
        return {
            name: _stored(value[name], below, ids) for name, below in type_.members if name in value
        }
    return ids[type_.kind](value) if isinstance(type_.kind, Link) else value
