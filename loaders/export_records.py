"""What `newsgraph export` writes of an item or a definition: mappings as files have them."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from loaders.exported import MARK, mark_of
from loaders.front_matter import body_of
from store.documents import Document
from store.fields import DEFINITIONS, ITEM, PROVIDER
from store.ids import item_id, item_id_of_path, kind_in
from store.shapes import Shape
from store.site_fields import SiteFields

Record = dict[str, Any]

_KINDS: Final = {"provider": "organization", "topic": "topic"}
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
# What JSON may hold and YAML may not, or takes for the end of a line.
_NOT_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def item_record(item: Document, fields: SiteFields, root_name: str) -> Record:
    """Return all that an item's file has to say, for a root of that name."""
    record = {
        field.name: _REWRITTEN.get(field.name, _plain)(item[field.name])
        for field in ITEM
        if field.name in item and item[field.name] not in ([], field.default)
    }
    site = item.get("site", {})
    for field in fields:
        name, digest = field.stored_at
        if digest in site.get(name, ()):
            record[field.key] = _plain(site[name][digest])
    body = record.pop("body", None)
    is_changed = body is not None and body_of(body) != body
    record[MARK] = mark_of(
        _plain(item.get("extra")),
        id=None if _follows(item, root_name) else item["_id"],
        body=body if is_changed else None,
    )
    return record if body is None or is_changed else record | {"body": body}


def definition_record(definition: Mapping[str, Any]) -> Record:
    """Return what the file of a provider or a topic has to say."""
    taxonomy = _KINDS[kind_in(definition["_id"])]
    record: Record = {"taxonomy": taxonomy}
    record |= _fields(definition, DEFINITIONS[taxonomy])
    if "parentName" in definition:
        record["parent"] = definition["parentName"]
    return record | {MARK: mark_of(_plain(definition.get("extra")))}


def front_matter_text(record: Record) -> str:
    """Return a record as a text with front matter, a key on each line, and the body below."""
    body = record.get("body")
    lines = [f"{_key(key)}: {_yaml(value)}" for key, value in record.items() if key != "body"]
    front = "".join(f"{line}\n" for line in lines)
    return f"---\n{front}---\n" + (f"\n{body}\n" if body is not None else "")


def _follows(item: Document, root_name: str) -> bool:
    """Return whether an item's id follows from its address or else its path."""
    url = item.get("webUrl", item.get("originalUrl"))
    id_ = item_id(url) if url is not None else item_id_of_path(item["path"], root_name)
    return bool(id_ == item["_id"])


def _fields(value: Mapping[str, Any], shape: Shape) -> Record:
    return {
        field.name: _plain(value[field.name])
        for field in shape
        if field.name in value and value[field.name] not in ([], field.default)
    }


def _provider(link: Mapping[str, Any]) -> Record:
    return _fields(link, PROVIDER)


def _names(links: Iterable[Mapping[str, Any]]) -> list[str]:
    return [link["name"] for link in links]


def _authors(links: Iterable[Mapping[str, Any]]) -> list[Record]:
    return [{"name": link["name"]} for link in links]  # a name alone may be written as [[Name]]


def _related(entries: Iterable[Mapping[str, Any]]) -> list[Record]:
    return [
        {
            key: _provider(value) if key == "provider" else _plain(value)
            for key, value in entry.items()
            if key != "ref" and value != []
        }
        for entry in entries
    ]


_REWRITTEN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "provider": _provider,
    "topics": _names,
    "authors": _authors,
    "related": _related,
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z".rjust(24, "0")
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_plain(below) for below in value]
    return value


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _yaml(key)


def _yaml(value: Any) -> str:
    """Return a value on one line: JSON, which is YAML too but for a few characters."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
