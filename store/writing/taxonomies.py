"""The `providers` and `topics` documents, derived from items and definitions.

They are derived data. Only those whose items, mentions or files changed are worked out, by
aggregations that an index serves; those that nothing speaks of any more are deleted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any

import bson
from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from store.audience import Audience
from store.documents import Document, descending_key
from store.writing.bulk_write import write_unordered

_AT_ONCE = 500
_VISIBLE = {Audience.EDITOR: (True, False), Audience.PUBLIC: (True,)}


class TaxonomyWriter:
    """Works out providers and topics. All its methods raise PyMongo's errors."""

    def __init__(self, database: Database[Document]) -> None:
        self._items = database["items"]
        self._files = database["files"]
        self._providers = database["providers"]
        self._topics = database["topics"]

    def recompute(self, touched: Iterable[str]) -> None:
        """Work out the providers and topics with these ids."""
        ids = set(touched)
        for some in _chunks(one for one in ids if one.startswith("provider:")):
            self._settle(self._providers, some, self._provider_documents)
        topics = {one for one in ids if one.startswith("topic:")}
        for some in _chunks(topics):
            # A parent may be known by nothing but its children's files.
            topics |= {one["parent"] for one in self._definitions_of(some) if "parent" in one}
        for some in _chunks(topics):
            self._settle(self._topics, some, self._topic_documents)

    def _settle(
        self,
        collection: Collection[Document],
        ids: Sequence[str],
        documents: Callable[[Sequence[str]], dict[str, Document | None]],
    ) -> None:
        """Write what has changed; where another load was faster, look again."""
        left = list(ids)
        while left:
            stored = {one["_id"]: one for one in collection.find({"_id": {"$in": left}})}
            wanted = documents(left)
            pairs = [(stored.get(id_), wanted[id_]) for id_ in left]
            left = _swap(
                collection, [(old, new) for old, new in pairs if _digest(old) != _digest(new)]
            )

    def _provider_documents(self, ids: Sequence[str]) -> dict[str, Document | None]:
        own, names = _tallies(self._own(ids, "provider"))
        _, mentioned = _tallies(self._mentions(ids))
        organizations = self._definitions(ids)
        images = self._images(ids)
        return {
            id_: _provider(
                id_,
                organizations.get(id_),
                own[id_],
                _added(names[id_], mentioned[id_]),
                images[id_],
            )
            for id_ in ids
        }

    def _topic_documents(self, ids: Sequence[str]) -> dict[str, Document | None]:
        own, names = _tallies(self._own(ids, "topics"))
        files = self._definitions(ids)
        children = self._children(ids)
        return {
            id_: _topic(id_, files.get(id_), own[id_], names[id_], children[id_]) for id_ in ids
        }

    def _own(self, ids: Sequence[str], field: str) -> Iterator[Document]:
        pipeline: list[Document] = [
            {"$match": {"labels": {"$in": ids}}},
            {"$project": {"published": 1, "of": f"${field}"}},
        ]
        if field == "topics":
            pipeline += [{"$unwind": "$of"}, {"$match": {"of.id": {"$in": ids}}}]
        return self._items.aggregate([*pipeline, _TALLY])

    def _mentions(self, ids: Sequence[str]) -> Iterator[Document]:
        return self._items.aggregate(
            [
                {"$match": {"related.provider.id": {"$in": ids}}},
                {"$project": {"published": 1, "of": "$related.provider"}},
                {"$unwind": "$of"},
                {"$match": {"of.id": {"$in": ids}}},
                _TALLY,
            ]
        )

    def _images(self, ids: Sequence[str]) -> dict[str, dict[bool, tuple[str, list[Document]]]]:
        """Give the images of the greatest rank for each provider, of both kinds of items."""
        images: dict[str, dict[bool, tuple[str, list[Document]]]] = defaultdict(dict)
        best = {"$top": {"sortBy": {"rank": -1, "_id": 1}, "output": ["$rank", "$of.images"]}}
        found = self._items.aggregate(
            [
                {"$match": {"labels": {"$in": ids}, "provider.images.0": {"$exists": True}}},
                {"$project": {"published": 1, "rank": 1, "of": "$provider"}},
                {"$group": {"_id": {"id": "$of.id", "published": "$published"}, "best": best}},
            ]
        )
        for group in found:
            images[group["_id"]["id"]][group["_id"]["published"]] = tuple(group["best"])
        return images

    def _definitions_of(self, ids: Sequence[str]) -> Iterator[Document]:
        """Give all that files say of these subjects, worst first."""
        files = self._files.find({"definitions._id": {"$in": ids}}, {"definitions": 1})
        ranked = [
            (one["rank"], file["_id"], one)
            for file in files
            for one in file["definitions"]
            if one["_id"] in ids
        ]
        for _, _, definition in sorted(ranked, key=lambda one: one[:2]):
            yield definition

    def _definitions(self, ids: Sequence[str]) -> dict[str, Document]:
        """Give the best file on each subject: the greatest rank."""
        return {one["_id"]: one for one in self._definitions_of(ids)}

    def _children(self, parents: Sequence[str]) -> dict[str, list[Document]]:
        """Give the best files of the topics that name these as their parents."""
        files = self._files.find({"definitions.parent": {"$in": parents}}, {"definitions": 1})
        ids = {one["_id"] for file in files for one in file["definitions"] if "parent" in one}
        children: dict[str, list[Document]] = defaultdict(list)
        for child in self._definitions(sorted(ids)).values():
            if "parent" in child:
                children[child["parent"]].append(child)
        return children


_TALLY: Document = {
    "$group": {
        "_id": {"id": "$of.id", "name": "$of.name", "published": "$published"},
        "count": {"$sum": 1},
    }
}

_Counts = dict[bool, int]
_Names = dict[bool, Counter[str]]


def _tallies(
    groups: Iterable[Document],
) -> tuple[defaultdict[str, _Counts], defaultdict[str, _Names]]:
    """Give how many there are of each id, and of each of its names, published and not."""
    counts: defaultdict[str, _Counts] = defaultdict(lambda: {True: 0, False: 0})
    names: defaultdict[str, _Names] = defaultdict(lambda: {True: Counter(), False: Counter()})
    for group in groups:
        key = group["_id"]
        counts[key["id"]][key["published"]] += group["count"]
        names[key["id"]][key["published"]][key["name"]] += group["count"]
    return counts, names


def _added(one: _Names, other: _Names) -> _Names:
    return {published: one[published] + other[published] for published in (True, False)}


def _provider(
    id_: str,
    organization: Document | None,
    counts: _Counts,
    names: _Names,
    images: dict[bool, tuple[str, list[Document]]],
) -> Document | None:
    document: Document = {"_id": id_, "domain": id_.removeprefix("provider:")}
    if organization:
        document["organization"] = {
            key: value
            for key, value in organization.items()
            if key not in ("_id", "domain", "rank")
        }
    for audience, visible in _VISIBLE.items():
        file = organization if organization and organization["published"] in visible else None
        said = _most_frequent(names, visible)
        if file is None and said is None:
            continue
        given = max(
            (images[published] for published in visible if published in images),
            key=lambda ranked: ranked[0],
            default=None,
        )
        view = _view(id_, file["name"] if file else str(said), _sum(counts, visible))
        view["images"] = (file and file["images"]) or (given[1] if given else [])
        document[audience.value] = view
    return _finished(document)


def _topic(
    id_: str, file: Document | None, counts: _Counts, names: _Names, children: Sequence[Document]
) -> Document | None:
    document: Document = {"_id": id_, "slug": id_.removeprefix("topic:")}
    if file:
        document["file"] = {
            key: value for key, value in file.items() if key not in ("_id", "slug", "rank")
        }
    for audience, visible in _VISIBLE.items():
        own = file if file and file["published"] in visible else None
        named_by_children = Counter(
            child["parentName"] for child in children if child["published"] in visible
        )
        said = _most_frequent(names, visible) or _first_of(named_by_children)
        if own is None and said is None:
            continue
        view = _view(id_, own["name"] if own else str(said), _sum(counts, visible))
        if own and own.get("parent", id_) != id_:
            view["parent"] = own["parent"]
        document[audience.value] = view
    return _finished(document)


def _view(id_: str, name: str, count: int) -> Document:
    by_name = f"{name.casefold()}:{id_}"
    sort = {"name": by_name, "mostItems": f"{descending_key(count)}:{by_name}"}
    return {"name": name, "itemCount": count, "sort": sort}


def _finished(document: Document) -> Document | None:
    if not any(audience.value in document for audience in Audience):
        return None
    digest = blake2b(bson.encode(document), digest_size=12).hexdigest()
    return document | {"digest": digest}


def _most_frequent(names: _Names, visible: Sequence[bool]) -> str | None:
    total: Counter[str] = Counter()
    for published in visible:
        total += names[published]
    return _first_of(total)


def _first_of(names: Counter[str]) -> str | None:
    return min(names, key=lambda name: (-names[name], name), default=None)


def _sum(counts: _Counts, visible: Sequence[bool]) -> int:
    return sum(counts[published] for published in visible)


def _digest(document: Document | None) -> str:
    return document["digest"] if document else ""


def _swap(
    collection: Collection[Document], pairs: Sequence[tuple[Document | None, Document | None]]
) -> list[str]:
    """Write the documents that are still as they were read. Gives the ids of the others."""
    writes: list[Any] = []
    for old, new in pairs:
        same = {"_id": (old or new or {})["_id"], "digest": _digest(old)}
        if new is None:
            writes.append(DeleteOne(same))
        elif old is None:
            writes.append(InsertOne(new))
        else:
            # Its id is taken when the document has changed: then this fails.
            writes.append(ReplaceOne(same, new, upsert=True))
    return [
        str((old or new or {})["_id"])
        for old, new in (pairs[i] for i in write_unordered(collection, writes))
    ]


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    each = iter(sorted(ids))
    while chunk := list(islice(each, _AT_ONCE)):
        yield chunk
