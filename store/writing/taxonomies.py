"""The `providers` and `topics` collections: the taxonomies, derived from items and definitions.

Only those whose items, mentions or definitions changed are recomputed, by aggregations that an
index serves; those that nothing names any more are deleted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypedDict

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from store.ids import kind_in
from store.writing.bulk_write import Write, write_unordered
from store.writing.candidates import Definition
from store.writing.manifest import FileDocument
from store.writing.taxonomy_documents import (
    Derived,
    RankedImages,
    Usage,
    provider_document,
    topic_document,
)

_BATCH = 500


class _Stored(TypedDict):
    """The fields of a stored provider or topic that are read here."""

    _id: str
    digest: str


class _TallyKey(TypedDict):
    id: str
    name: str
    published: bool


class _Tally(TypedDict):
    """How many items use one name for a provider or topic."""

    _id: _TallyKey
    count: int


_TALLY = {
    "$group": {
        "_id": {"id": "$of.id", "name": "$of.name", "published": "$published"},
        "count": {"$sum": 1},
    }
}


class TaxonomyWriter:
    """Recomputes providers and topics. All methods raise PyMongo's errors."""

    def __init__(self, database: Database[Any]) -> None:
        self._items = database["items"]
        self._files: Collection[FileDocument] = database["files"]
        self._providers: Collection[_Stored] = database["providers"]
        self._topics: Collection[_Stored] = database["topics"]

    def recompute(self, ids: Iterable[str]) -> None:
        """Recompute the providers and topics with these ids."""
        wanted = set(ids)
        for batch in _batches(id_ for id_ in wanted if kind_in(id_) == "provider"):
            self._recompute(self._providers, batch, self._provider_documents)
        topics = {id_ for id_ in wanted if kind_in(id_) == "topic"}
        for batch in _batches(topics):
            # The definitions of its children may be all that names a parent.
            definitions = self._definitions_of(batch)
            topics |= {definition["parent"] for definition in definitions if "parent" in definition}
        for batch in _batches(topics):
            self._recompute(self._topics, batch, self._topic_documents)

    def _recompute(
        self,
        collection: Collection[_Stored],
        ids: Sequence[str],
        derive: Callable[[Sequence[str]], dict[str, Derived | None]],
    ) -> None:
        """Write the documents that changed; repeat for those that another load wrote meanwhile."""
        left = [*ids]
        while left:
            found = collection.find({"_id": {"$in": left}}, {"digest": 1})
            digests = {document["_id"]: document["digest"] for document in found}
            writes: list[tuple[str, Write]] = []
            for id_, derived in derive(left).items():
                write = _swap(id_, digests.get(id_), derived)
                if write is not None:
                    writes.append((id_, write))
            failed = write_unordered(collection, [write for _, write in writes])
            left = [writes[position][0] for position in failed]

    def _provider_documents(self, ids: Sequence[str]) -> dict[str, Derived | None]:
        usage: defaultdict[str, Usage] = defaultdict(Usage)
        for key, count in self._item_tallies(ids, "provider"):
            usage[key["id"]].add_items(key["name"], key["published"], count)
        for key, count in self._mention_tallies(ids):
            usage[key["id"]].add_mentions(key["name"], key["published"], count)
        definitions = self._definitions(ids)
        images = self._images(ids)
        return {
            id_: provider_document(id_, definitions.get(id_), usage[id_], images[id_])
            for id_ in ids
        }

    def _topic_documents(self, ids: Sequence[str]) -> dict[str, Derived | None]:
        usage: defaultdict[str, Usage] = defaultdict(Usage)
        for key, count in self._item_tallies(ids, "topics"):
            usage[key["id"]].add_items(key["name"], key["published"], count)
        definitions = self._definitions(ids)
        children = self._children(ids)
        return {
            id_: topic_document(id_, definitions.get(id_), usage[id_], children[id_]) for id_ in ids
        }

    def _item_tallies(self, ids: Sequence[str], field: str) -> Iterator[tuple[_TallyKey, int]]:
        """Count the items under each id, by the name that they use in `field`."""
        pipeline: list[Mapping[str, object]] = [
            {"$match": {"labels": {"$in": ids}}},
            {"$project": {"published": 1, "of": f"${field}"}},
        ]
        if field == "topics":
            pipeline += [{"$unwind": "$of"}, {"$match": {"of.id": {"$in": ids}}}]
        return self._tallies(pipeline)

    def _mention_tallies(self, ids: Sequence[str]) -> Iterator[tuple[_TallyKey, int]]:
        """Count the related entries that name each provider, by the name that they use."""
        return self._tallies(
            [
                {"$match": {"related.provider.id": {"$in": ids}}},
                {"$project": {"published": 1, "of": "$related.provider"}},
                {"$unwind": "$of"},
                {"$match": {"of.id": {"$in": ids}}},
            ]
        )

    def _tallies(self, pipeline: Sequence[Mapping[str, object]]) -> Iterator[tuple[_TallyKey, int]]:
        groups: Iterable[_Tally] = self._items.aggregate([*pipeline, _TALLY])
        return ((group["_id"], group["count"]) for group in groups)

    def _images(self, ids: Sequence[str]) -> defaultdict[str, dict[bool, RankedImages]]:
        """Return each provider's images of the greatest rank, by `published` of their item."""
        images: defaultdict[str, dict[bool, RankedImages]] = defaultdict(dict)
        best = {"$top": {"sortBy": {"rank": -1, "_id": 1}, "output": ["$rank", "$of.images"]}}
        found = self._items.aggregate(
            [
                {"$match": {"labels": {"$in": ids}, "provider.images.0": {"$exists": True}}},
                {"$project": {"published": 1, "rank": 1, "of": "$provider"}},
                {"$group": {"_id": {"id": "$of.id", "published": "$published"}, "best": best}},
            ]
        )
        for group in found:
            images[group["_id"]["id"]][group["_id"]["published"]] = RankedImages(*group["best"])
        return images

    def _definitions_of(self, ids: Sequence[str]) -> list[Definition]:
        """Return all definitions of these providers and topics, by ascending rank."""
        files = self._files.find({"definitions._id": {"$in": ids}}, {"definitions": 1})
        ranked = [
            (definition["rank"], file["_id"], definition)
            for file in files
            for definition in file["definitions"]
            if definition["_id"] in ids
        ]
        return [definition for *_, definition in sorted(ranked, key=itemgetter(0, 1))]

    def _definitions(self, ids: Sequence[str]) -> dict[str, Definition]:
        """Return the definition of the greatest rank for each id that has one."""
        return {definition["_id"]: definition for definition in self._definitions_of(ids)}

    def _children(self, parents: Sequence[str]) -> defaultdict[str, list[Definition]]:
        """Return the best definitions of the topics that name these as their parents."""
        files = self._files.find({"definitions.parent": {"$in": parents}}, {"definitions": 1})
        ids = {
            definition["_id"]
            for file in files
            for definition in file["definitions"]
            if "parent" in definition
        }
        children: defaultdict[str, list[Definition]] = defaultdict(list)
        for child in self._definitions(sorted(ids)).values():
            if "parent" in child:
                children[child["parent"]].append(child)
        return children


def _swap(id_: str, stored: str | None, derived: Derived | None) -> Write | None:
    """Return the write that updates a document, None if its digest is up to date.

    The write has no effect, or fails, if the stored document no longer has the digest `stored`.
    """
    if derived is None:
        return None if stored is None else DeleteOne({"_id": id_, "digest": stored})
    if stored is None:
        return InsertOne(derived.document)
    if stored == derived.digest:
        return None
    return ReplaceOne({"_id": id_, "digest": stored}, derived.document, upsert=True)


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    each = iter(sorted(ids))
    while batch := list(islice(each, _BATCH)):
        yield batch
