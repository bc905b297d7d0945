"""Build the document of an item from a mapping."""

from loaders.diagnostics import FieldPath
from loaders.source_mapping import SourceMapping, take_unknown
from loaders.values import Value, ValueMapping
from store.documents import Document, derive
from store.fields import IMAGE, ITEM, PROVIDER, RELATED
from store.ids import (
    canonical_domain,
    item_id,
    item_id_of_path,
    provider_id,
    topic_id,
    url_domain,
)


def item_of(source: SourceMapping) -> Document:
    """Return the document of an item. Raises BadInput."""
    _take_categories(source)
    source.take_synonyms(ITEM)
    _take_body_and_taxonomy(source)
    item = source.checked(ITEM)
    url = item.get("webUrl") or item.get("originalUrl")
    complete_images(item, source.extra)
    if "provider" in item:
        _link_provider(source, item, url, source.extra, ())
    item["topics"] = _topic_links(item["topics"])
    _link_related(source, item["related"])
    item["path"] = source.path
    if url is None:
        item["_id"] = item_id_of_path(source.path)
    else:
        item["_id"] = _id(source, url, ("webUrl" if "webUrl" in item else "originalUrl",))
    if "category" not in item and (collection := source.collection):
        item["category"] = collection
    if source.extra:
        item["extra"] = source.extra
    return derive(item)


def _take_categories(source: SourceMapping) -> None:
    """Take Jekyll's `categories`, of which the first is the category."""
    data = source.data
    if "categories" not in data:
        return
    categories = data["categories"]
    first = categories[0] if isinstance(categories, list) and categories else categories
    is_category = "category" not in data and isinstance(first, str) and first != ""
    if is_category:
        source.set_field("category", first, file_key="categories")
    if categories in (None, []) or (is_category and categories in (first, [first])):
        del data["categories"]
    else:
        source.move_to_extra("categories")


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
        raise source.bad_field((*path, "provider", "domain"), message, "missing")
    domain = canonical_domain(domain)
    provider = {
        "id": provider_id(domain),
        "name": described.get("name", domain),
        "domain": domain,
    }
    if described.get("images"):
        provider["images"] = described["images"]
        complete_images(provider, unknown)
    owner["provider"] = provider
    if unknown:
        extra["provider"] = unknown


def _topic_links(names: list[str]) -> list[dict[str, str]]:
    by_id: dict[str, dict[str, str]] = {}
    for name in names:
        id_ = topic_id(name)
        by_id.setdefault(id_, {"id": id_, "name": name})
    return list(by_id.values())


def _link_related(source: SourceMapping, entries: list[Document]) -> None:
    unknown: list[Value] = []
    for index, entry in enumerate(entries):
        extra = take_unknown(entry, RELATED.keys)
        url = entry.get("webUrl")
        if "provider" in entry:
            _link_provider(source, entry, url, extra, ("related", index))
        RELATED.set_defaults(entry)
        complete_images(entry, extra)
        if url is not None:
            entry["ref"] = _id(source, url, ("related", index, "webUrl"))
        unknown.append(extra or None)
    if any(unknown):
        source.extra["related"] = unknown


def _id(source: SourceMapping, url: str, path: FieldPath) -> str:
    try:
        return item_id(url)
    except ValueError as error:
        raise source.bad_field(path, f"is not a valid URL: {error}", "url") from None


def complete_images(owner: Document, extra: ValueMapping) -> None:
    """Set the defaults of an owner's images, and move their unknown keys to `extra`."""
    unknown: list[Value] = []
    for image in owner["images"]:
        IMAGE.set_defaults(image)
        unknown.append(take_unknown(image, IMAGE.keys) or None)
    if any(unknown):
        extra["images"] = unknown
