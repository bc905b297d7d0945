"""From a mapping as a file has it to the document that the store keeps."""

import posixpath
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic_core import ValidationError

from loaders.checks import checker
from loaders.diagnostics import BadInput, Fault
from loaders.validation_messages import Location, fault_of, field_name
from store.documents import derive, rank
from store.fields import IMAGE, ITEM, ORGANIZATION, PROVIDER, RELATED, TOPIC, UNPUBLISHING, Shape
from store.ids import (
    canonical_domain,
    item_id,
    item_id_of_path,
    provider_id,
    slug,
    topic_id,
    url_domain,
)

_DEFINITIONS = {"organization": ORGANIZATION, "topic": TOPIC}
# Of `categories`, which holds a list, the first one is the category.
_SYNONYMS = {field.name: field.also for field in ITEM if field.also and field.name != "category"}


class Source(NamedTuple):
    """A mapping and where it is from.

    `path` is the item's, from the load root; `place` finds the line and column of a location;
    `typed` gives the value of a key as `extra` wants it; `body` is the text below front matter.
    """

    data: dict[str, Any]
    path: str
    place: Callable[[Location], tuple[int, int]]
    typed: Callable[[str], Any]
    folders: str
    body: str | None = None


def document_of(source: Source) -> tuple[str, dict[str, Any]]:
    """Give the kind (`item`, `organization` or `topic`) and the document. Raises BadInput."""
    taxonomy = source.data.get("taxonomy")
    if taxonomy in _DEFINITIONS:
        return taxonomy, _definition(source, taxonomy)
    return "item", _item(source)


def _item(source: Source) -> dict[str, Any]:
    data, names, extra = _renamed(source)
    item = _checked(ITEM, data, source, names)
    _published(item, extra, source)
    url = item.get("webUrl") or item.get("originalUrl")
    below = _unknown(item, ITEM.keys, source.typed)
    extra.update(below)
    _images(item, extra)
    if "provider" in item:
        _provider(item, url, extra, (), source)
    _topics(item)
    _related(item, extra, source)
    item.setdefault("tags", [])
    item["path"] = source.path
    item["_id"] = _id(url, ("webUrl" if "webUrl" in item else "originalUrl",), source, names)
    if "category" not in item and (collection := _collection(source.folders)):
        item["category"] = collection
    if extra:
        item["extra"] = extra
    return derive(item)


def _renamed(source: Source) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Read the names that Jekyll's and other kinds of files use for the fields."""
    data = source.data
    names: dict[str, str] = {}
    extra: dict[str, Any] = {}
    for field, synonyms in _SYNONYMS.items():
        for synonym in synonyms:
            if synonym in data:
                if field in data:
                    extra[synonym] = source.typed(synonym)
                    del data[synonym]
                else:
                    data[field] = data.pop(synonym)
                    names[field] = synonym
    if "categories" in data:
        given = data.pop("categories")
        first = given[0] if isinstance(given, list) and given else given
        if "category" not in data and isinstance(first, str) and first:
            data["category"] = first
            names["category"] = "categories"
            if isinstance(given, list) and len(given) > 1:
                extra["categories"] = source.typed("categories")
        elif given != [] and given is not None:
            extra["categories"] = source.typed("categories")
    if source.body is not None:
        if "body" in data:
            extra["body"] = source.typed("body")
        data["body"] = source.body
    if "taxonomy" in data:
        extra["taxonomy"] = source.typed("taxonomy")
        del data["taxonomy"]
    return data, names, extra


def _checked(
    shape: Shape, data: Mapping[str, Any], source: Source, names: dict[str, str]
) -> dict[str, Any]:
    try:
        checked: dict[str, Any] = checker(shape).validate_python(data)
    except ValidationError as error:
        faults = (
            fault_of(one, data, source.place, names) for one in error.errors(include_url=False)
        )
        raise BadInput(*faults) from None
    return checked


def _published(item: dict[str, Any], extra: dict[str, Any], source: Source) -> None:
    published = item.setdefault("published", True)
    for key in UNPUBLISHING:
        if key in item:
            item["published"] = published = published and not item.pop(key)
            extra[key] = source.typed(key)


def _unknown(
    mapping: dict[str, Any], known: frozenset[str], typed: Callable[[str], Any] | None = None
) -> dict[str, Any]:
    """Take the keys that no field takes out of a mapping."""
    if mapping.keys() <= known:
        return {}
    return {key: mapping.pop(key) for key in [*mapping] if key not in known}


def _images(owner: dict[str, Any], extra: dict[str, Any]) -> None:
    images = owner.setdefault("images", [])
    unknown = []
    for image in images:
        image.setdefault("isCached", False)
        unknown.append(_unknown(image, IMAGE.keys) or None)
    if any(unknown):
        extra["images"] = unknown


def _provider(
    owner: dict[str, Any], url: str | None, extra: dict[str, Any], above: Location, source: Source
) -> None:
    given = owner["provider"]
    unknown = _unknown(given, PROVIDER.keys)
    domain = given.get("domain") or (url and url_domain(url))
    if not domain:
        location = (*above, "provider", "domain")
        message = "is missing, and there is no URL to take it from; write domain: example.com"
        raise BadInput(Fault(*source.place(location), field_name(location), message, "missing"))
    domain = canonical_domain(domain)
    provider = {"id": provider_id(domain), "name": given.get("name", domain), "domain": domain}
    if given.get("images"):
        provider["images"] = given["images"]
        _images(provider, unknown)
    owner["provider"] = provider
    if unknown:
        extra["provider"] = unknown


def _topics(item: dict[str, Any]) -> None:
    by_id: dict[str, dict[str, str]] = {}
    for name in item.get("topics", ()):
        by_id.setdefault(topic_id(name), {"id": topic_id(name), "name": name})
    item["topics"] = list(by_id.values())


def _related(item: dict[str, Any], extra: dict[str, Any], source: Source) -> None:
    unknown: list[dict[str, Any] | None] = []
    for index, entry in enumerate(item.setdefault("related", [])):
        below = _unknown(entry, RELATED.keys)
        url = entry.get("webUrl")
        if "provider" in entry:
            _provider(entry, url, below, ("related", index), source)
        _images(entry, below)
        if url is not None:
            entry["ref"] = _id(url, ("related", index, "webUrl"), source, {})
        unknown.append(below or None)
    if any(unknown):
        extra["related"] = unknown


def _id(url: str | None, location: Location, source: Source, names: dict[str, str]) -> str:
    if url is None:
        return item_id_of_path(source.path)
    try:
        return item_id(url)
    except ValueError as error:
        message = f"is not a URL: {error}"
        raise BadInput(
            Fault(*source.place(location), field_name(location), message, "url")
        ) from None


def _collection(folders: str) -> str | None:
    """Give the collection that Jekyll's layout says a file is in: the innermost `_folder`."""
    for folder in reversed(folders.split("/")):
        if folder.startswith("_") and len(folder) > 1:
            return folder[1:]
    return None


def _definition(source: Source, taxonomy: str) -> dict[str, Any]:
    """Give what an organization's or a topic's file says, under the id of its subject."""
    shape = _DEFINITIONS[taxonomy]
    data = source.data
    extra: dict[str, Any] = {}
    del data["taxonomy"]
    names: dict[str, str] = {}
    if "title" in data:
        if "name" in data:
            extra["title"] = source.typed("title")
            del data["title"]
        else:
            data["name"] = data.pop("title")
            names["name"] = "title"
    definition = _checked(shape, data, source, names)
    _published(definition, extra, source)
    extra.update(_unknown(definition, shape.keys))
    definition["path"] = source.path
    if source.body is not None:
        extra["body"] = source.body
    if taxonomy == "organization":
        _images(definition, extra)
        domain = canonical_domain(definition.pop("domain"))
        definition |= {"_id": provider_id(domain), "domain": domain}
    else:
        definition |= {"_id": topic_id(definition["name"]), "slug": slug(definition["name"])}
        definition.setdefault("keywords", [])
        if "parent" in definition:
            definition["parentName"] = definition["parent"]
            definition["parent"] = topic_id(definition["parent"])
    if extra:
        definition["extra"] = extra
    definition["rank"] = rank(definition)
    return definition


def folders_of(root: str, path: str) -> str:
    """Give the folders that can say a file's collection: the root's own name, then those below."""
    return posixpath.join(posixpath.basename(root), posixpath.dirname(path))
