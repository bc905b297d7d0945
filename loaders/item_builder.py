"""Build the document of an item from a mapping."""

from loaders.diagnostics import FieldPath
from loaders.source_mapping import SourceMapping, take_published, take_unknown
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
    return _ItemBuilder(source).build()


class _ItemBuilder:
    """The state of one item: its fields, its `extra`, and the file's own names for fields."""

    def __init__(self, source: SourceMapping) -> None:
        self._source = source
        self._names: dict[str, str] = {}
        self._extra: ValueMapping = {}
        self._take_categories()
        source.take_synonyms(ITEM, self._names, self._extra)
        self._take_body_and_taxonomy()
        self._item = source.checked(ITEM, self._names)

    def build(self) -> Document:
        item, extra, source = self._item, self._extra, self._source
        url = item.get("webUrl") or item.get("originalUrl")
        take_published(item, extra, source)
        extra.update(take_unknown(item, ITEM.keys))
        complete_images(item, extra)
        if "provider" in item:
            self._link_provider(item, url, extra, ())
        self._link_topics()
        self._link_related()
        item["path"] = source.path
        if url is None:
            item["_id"] = item_id_of_path(source.path)
        else:
            item["_id"] = self._id(url, ("webUrl" if "webUrl" in item else "originalUrl",))
        if "category" not in item and (collection := source.collection):
            item["category"] = collection
        if extra:
            item["extra"] = extra
        return derive(item)

    def _take_categories(self) -> None:
        """Take Jekyll's `categories`, of which the first is the category."""
        data = self._source.data
        categories = data.get("categories")
        first = categories[0] if isinstance(categories, list) and categories else categories
        if "category" not in data and isinstance(first, str) and first:
            data["category"] = first
            self._names["category"] = "categories"
            if not isinstance(categories, list) or len(categories) == 1:
                del data["categories"]
        if categories is None or categories == []:
            data.pop("categories", None)
        elif "categories" in data:
            self._source.move_to_extra("categories", self._extra)

    def _take_body_and_taxonomy(self) -> None:
        data = self._source.data
        if self._source.body is not None:
            if "body" in data:
                self._source.move_to_extra("body", self._extra)
            data["body"] = self._source.body
        if "taxonomy" in data:
            self._source.move_to_extra("taxonomy", self._extra)

    def _link_provider(
        self, owner: Document, url: str | None, extra: ValueMapping, path: FieldPath
    ) -> None:
        """Replace the provider that a file describes with a link to it."""
        described = owner["provider"]
        unknown = take_unknown(described, PROVIDER.keys)
        domain = described.get("domain") or (url and url_domain(url))
        if not domain:
            message = "is missing, and there is no URL to take it from; write domain: example.com"
            raise self._source.bad_field((*path, "provider", "domain"), message, "missing")
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

    def _link_topics(self) -> None:
        by_id: dict[str, dict[str, str]] = {}
        for name in self._item["topics"]:
            id_ = topic_id(name)
            by_id.setdefault(id_, {"id": id_, "name": name})
        self._item["topics"] = list(by_id.values())

    def _link_related(self) -> None:
        unknown: list[Value] = []
        for index, entry in enumerate(self._item["related"]):
            extra = take_unknown(entry, RELATED.keys)
            url = entry.get("webUrl")
            if "provider" in entry:
                self._link_provider(entry, url, extra, ("related", index))
            RELATED.set_defaults(entry)
            complete_images(entry, extra)
            if url is not None:
                entry["ref"] = self._id(url, ("related", index, "webUrl"))
            unknown.append(extra or None)
        if any(unknown):
            self._extra["related"] = unknown

    def _id(self, url: str, path: FieldPath) -> str:
        try:
            return item_id(url)
        except ValueError as error:
            raise self._source.bad_field(path, f"is not a valid URL: {error}", "url") from None


def complete_images(owner: Document, extra: ValueMapping) -> None:
    """Set the defaults of an owner's images, and move their unknown keys to `extra`."""
    unknown: list[Value] = []
    for image in owner["images"]:
        IMAGE.set_defaults(image)
        unknown.append(take_unknown(image, IMAGE.keys) or None)
    if any(unknown):
        extra["images"] = unknown
