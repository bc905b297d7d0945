"""The documents of providers, topics and authors, worked out from items and definitions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple, NotRequired, TypedDict

import bson

from store.audience import Audience
from store.documents import descending_key
from store.ids import name_in
from store.orders import TaxonomyOrder
from store.taxonomies import Taxonomy
from store.writing.candidates import Definition

# In the order that stored documents have their views in, on which their digests depend.
_AUDIENCES = (Audience.EDITOR, Audience.PUBLIC)

Images = list[dict[str, object]]


class RankedImages(NamedTuple):
    """A provider's images in an item that names it, and that item's rank."""

    rank: str
    images: Images


class Derived(NamedTuple):
    """A document to store, with the digest in it by which a change is noticed."""

    digest: str
    document: dict[str, object]


class _View(TypedDict):
    """What one audience sees of a provider, topic or author."""

    name: str
    itemCount: int
    sort: dict[str, str]
    images: NotRequired[Images]
    parent: NotRequired[str]


class Usage:
    """How often items name a document, and how; published and unpublished ones apart."""

    def __init__(self) -> None:
        self._items: Counter[bool] = Counter()
        self._names: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}

    def add_items(self, name: str, published: bool, count: int) -> None:
        """Add items that are listed under it."""
        self._items[published] += count
        self.add_mentions(name, published, count)

    def add_mentions(self, name: str, published: bool, count: int) -> None:
        """Add items that only name it, which decides about its name alone."""
        self._names[published][name] += count

    def item_count(self, visible: Sequence[bool]) -> int:
        """Return the number of items of the visible kinds."""
        return sum(self._items[published] for published in visible)

    def name(self, visible: Sequence[bool]) -> str | None:
        """Return the most frequent name in items of the visible kinds."""
        total: Counter[str] = Counter()
        for published in visible:
            total += self._names[published]
        return _most_frequent(total)


def taxonomy_document(
    taxonomy: Taxonomy,
    id_: str,
    definition: Definition | None,
    usage: Usage,
    images: Mapping[bool, RankedImages],
    children: Sequence[Definition],
) -> Derived | None:
    """Return the document of a provider, topic or author, or None if nothing names it.

    `images` are those of the greatest rank in published and in unpublished items, `children` the
    definitions that name it as their parent.
    """
    document: dict[str, object] = {"_id": id_, taxonomy.key: name_in(id_)}
    if definition:
        document["file"] = _without(definition, "_id", taxonomy.key, "rank")
    for audience in _AUDIENCES:
        visible = audience.sees
        own = definition if definition and definition["published"] in visible else None
        name = own["name"] if own else usage.name(visible) or _parent_name(children, visible)
        if name is None:
            continue
        view = _view(id_, name, usage.item_count(visible))
        if taxonomy.has_images:
            view["images"] = (own and own["images"]) or _best(images, visible)
        if own and own.get("parent", id_) != id_:
            view["parent"] = own["parent"]
        document[audience.value] = view
    return _derived(document)


def _without(definition: Definition, *fields: str) -> dict[str, object]:
    return {key: value for key, value in definition.items() if key not in fields}


def _view(id_: str, name: str, count: int) -> _View:
    by_name = f"{name.casefold()}:{id_}"
    by_count = f"{descending_key(count)}:{by_name}"
    sort = {TaxonomyOrder.NAME.value: by_name, TaxonomyOrder.MOST_ITEMS.value: by_count}
    return {"name": name, "itemCount": count, "sort": sort}


def _best(images: Mapping[bool, RankedImages], visible: Sequence[bool]) -> Images:
    ranked = [images[published] for published in visible if published in images]
    return max(ranked, key=lambda item: item.rank).images if ranked else []


def _parent_name(children: Sequence[Definition], visible: Sequence[bool]) -> str | None:
    """Return the name that the visible children use most."""
    names = (child["parentName"] for child in children if child["published"] in visible)
    return _most_frequent(Counter(names))


def _most_frequent(names: Counter[str]) -> str | None:
    return min(names, key=lambda name: (-names[name], name), default=None)


def _derived(document: dict[str, object]) -> Derived | None:
    if not any(audience.value in document for audience in _AUDIENCES):
        return None
    digest = blake2b(bson.encode(document), digest_size=12).hexdigest()
    return Derived(digest, document | {"digest": digest})
