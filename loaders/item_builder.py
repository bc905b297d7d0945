"""Build the document of an item from a mapping."""

from collections.abc import Callable, Iterable

from loaders.bodies import measure_body
from loaders.conventions import date_of, take_conventions
from loaders.diagnostics import FieldPath
from loaders.exported import MARK, Mark, take_mark
from loaders.file_names import site_path
from loaders.jekyll_folders import collection_of, is_draft
from loaders.site_values import set_defaults, take_names, take_site_fields, take_urls, whole_url
from loaders.slugs import take_slug
from loaders.source_mapping import SourceMapping
from loaders.values import Value, ValueMapping, take_unknown
from store.documents import Document, derive
from store.fields import AUTHOR, IMAGE, ITEM, PROVIDER, RELATED
from store.ids import (
    author_id,
    canonical_domain,
    item_id,
    item_id_of_path,
    provider_id,
    topic_id,
    url_domain,
)


def item_of(source: SourceMapping) -> Document:
    """Return the document of an item. Raises BadInput."""
    if MARK in source.data and (mark := take_mark(source)):
        return _exported_item(source, mark)
    site, labels = take_site_fields(source) if source.rules.site.fields else ({}, [])
    take_names(source)
    if source.rules.site.url:
        take_urls(source)
    take_conventions(source)
    if source.rules.authors and "authors" in source.data:
        source.data["authors"] = source.rules.authors.named(source.data["authors"])
    _take_body_and_taxonomy(source)
    item = source.checked(ITEM)
    if "publishedDateTime" not in item and (date := date_of(source)):
        item["publishedDateTime"] = date
    item["path"] = source.path
    set_defaults(source, item)
    url = _identify(source, item)
    _complete(source, item, url)
    if "category" not in item and (collection := collection_of(source.root, source.path)):
        item["category"] = collection
    if item["published"] and is_draft(source.root, source.path):
        item["published"] = False
    take_slug(source, item)
    measure_body(source, item)
    if source.extra:
        item["extra"] = source.extra
    if site:
        item["site"] = site
    return derive(item, labels)


def _exported_item(source: SourceMapping, mark: Mark) -> Document:
    """Return an item as it was exported: nothing is taken from other names or from its path."""
    has_site = bool(source.rules.site.fields)
    site, labels = take_site_fields(source, links_are_ids=True) if has_site else ({}, [])
    body = source.body if mark.body is None else mark.body
    if body is not None:
        source.data["body"] = body
    item = source.checked(ITEM)
    item["path"] = source.path
    url = _identify(source, item)
    if mark.id is not None:
        item["_id"] = mark.id
    _complete(source, item, url)
    take_slug(source, item)
    measure_body(source, item)
    if extra := source.extra | mark.extra:
        item["extra"] = extra
    if site:
        item["site"] = site
    return derive(item, labels)


def _complete(source: SourceMapping, item: Document, url: str | None) -> None:
    """Complete what an item links to, and its images."""
    complete_images(source, item, source.extra)
    if "provider" in item:
        _link_provider(source, item, url, source.extra, ())
    item["topics"] = _links(item["topics"], topic_id)
    item["authors"] = _author_links(source, item["authors"])
    _link_related(source, item["related"])


def _take_body_and_taxonomy(source: SourceMapping) -> None:
    if source.body is not None:
        if "body" in source.data:
            source.move_to_extra("body")
        source.data["body"] = source.body
    if "taxonomy" in source.data:
        source.move_to_extra("taxonomy")


def _link_provider(
    source: SourceMapping, owner: Document, url: str | None, extra: ValueMapping, path: FieldPath
) -> None:
    """Replace the provider that a file describes with a link to it."""
    described = owner["provider"]
    unknown = take_unknown(described, PROVIDER.keys)
    domain = described.get("domain") or (url and url_domain(url))
    if not domain:
        message = "is missing, and there is no URL to take it from; write domain: example.com"
        source.leave_out((*path, "provider", "domain"), message, "missing")
        del owner["provider"]
        return
    domain = canonical_domain(domain)
    provider = {
        "id": provider_id(domain),
        "name": described.get("name", domain),
        "domain": domain,
    }
    if described.get("images"):
        provider["images"] = described["images"]
        complete_images(source, provider, unknown)
    owner["provider"] = provider
    if unknown:
        kept = extra.get("provider")
        extra["provider"] = unknown | (kept if isinstance(kept, dict) else {})


def _links(names: Iterable[str], id_of: Callable[[str], str]) -> list[dict[str, str]]:
    """Return links to what has these names, each once."""
    by_id: dict[str, dict[str, str]] = {}
    for name in names:
        id_ = id_of(name)
        by_id.setdefault(id_, {"id": id_, "name": name})
    return list(by_id.values())


def _author_links(source: SourceMapping, authors: list[Document]) -> list[dict[str, str]]:
    if not authors:
        return []
    _keep_unknown(
        "authors", [take_unknown(author, AUTHOR.keys) for author in authors], source.extra
    )
    return _links((author["name"] for author in authors), author_id)


def _link_related(source: SourceMapping, entries: list[Document]) -> None:
    unknown: list[ValueMapping] = []
    for index, entry in enumerate(entries):
        extra = take_unknown(entry, RELATED.keys)
        url = entry.get("webUrl")
        if "provider" in entry:
            _link_provider(source, entry, url, extra, ("related", index))
        RELATED.set_defaults(entry)
        complete_images(source, entry, extra)
        if url is not None and (id_ := _id(source, url, ("related", index, "webUrl"))):
            entry["ref"] = id_
        elif url is not None:
            del entry["webUrl"]
        unknown.append(extra)
    _keep_unknown("related", unknown, source.extra)


def _identify(source: SourceMapping, item: Document) -> str | None:
    """Set the id of an item, and return the URL that it is derived from, if it is."""
    for field in ("webUrl", "originalUrl"):
        if field in item:
            if id_ := _id(source, item[field], (field,)):
                item["_id"] = id_
                return str(item[field])
            del item[field]
    item["_id"] = item_id_of_path(source.path, source.root_name)
    return None


def _id(source: SourceMapping, url: str, path: FieldPath) -> str | None:
    try:
        return item_id(url)
    except ValueError as error:
        source.leave_out(path, f"is not a valid URL: {error}", "url")
        return None


def complete_images(source: SourceMapping, owner: Document, extra: ValueMapping) -> None:
    """Complete an owner's images: defaults, addresses, and unknown keys, which go to `extra`."""
    unknown: list[ValueMapping] = []
    for image in owner["images"]:
        IMAGE.set_defaults(image)
        if "://" not in image["url"][:8] and image["url"][0] != "/":
            image["url"] = site_path(image["url"], source.path)
        image["url"] = whole_url(image["url"], source.rules.site.url)
        unknown.append(take_unknown(image, IMAGE.keys))
    _keep_unknown("images", unknown, extra)


def _keep_unknown(field: str, unknown: list[ValueMapping], extra: ValueMapping) -> None:
    """Keep the unknown keys of a list's members in `extra`, unless it has the whole list."""
    if any(unknown) and field not in extra:
        members: list[Value] = [keys or None for keys in unknown]
        extra[field] = members
