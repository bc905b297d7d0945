"""The collections of the taxonomies, derived from items and definitions.

Only those whose items, mentions or definitions changed are recomputed, by aggregations that an
index serves; those that nothing names any more are deleted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypedDict

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from store.ids import kind_in
from store.taxonomies import TAXONOMIES, Taxonomy
from store.writing.bulk_write import Write, write_unordered
from store.writing.candidates import Definition
from store.writing.manifest import FileDocument
from store.writing.taxonomy_documents import Derived, RankedImages, Usage, taxonomy_document

_BATCH = 500


class _Stored(TypedDict):
    """The fields of a stored document that are read here."""

    _id: str
    digest: str


class _TallyKey(TypedDict):
    id: str
    name: str
    published: bool


class _Tally(TypedDict):
    """How many items use one name for a provider, topic or author."""

    _id: _TallyKey
    count: int


_TALLY = {
    "$group": {
        "_id": {"id": "$of.id", "name": "$of.name", "published": "$published"},
        "count": {"$sum": 1},
    }
}


class TaxonomyWriter:
    """Recomputes providers, topics and authors. All methods raise PyMongo's errors."""

    def __init__(self, database: Database[Any]) -> None:
        self._database = database
        self._items = database["items"]
        self._files: Collection[FileDocument] = database["files"]

    def recompute(self, ids: Iterable[str]) -> None:
        """Recompute the documents with these ids."""
        by_kind: defaultdict[str, set[str]] = defaultdict(set)
        for id_ in ids:
            by_kind[kind_in(id_)].add(id_)
        for taxonomy in TAXONOMIES:
            wanted = by_kind[taxonomy.kind]
            if taxonomy.has_parents:
                wanted |= self._parents(wanted)
            for batch in _batches(wanted):
                self._recompute(taxonomy, batch)

    def _recompute(self, taxonomy: Taxonomy, ids: Sequence[str]) -> None:
        """Write the documents that changed; repeat for those that another load wrote meanwhile."""
        collection: Collection[_Stored] = self._database[taxonomy.collection]
        left = [*ids]
        while left:
            found = collection.find({"_id": {"$in": left}}, {"digest": 1})
            digests = {document["_id"]: document["digest"] for document in found}
            writes: list[tuple[str, Write]] = []
            for id_, derived in self._documents(taxonomy, left).items():
                write = _swap(id_, digests.get(id_), derived)
                if write is not None:
                    writes.append((id_, write))
            failed = write_unordered(collection, [write for _, write in writes])
            left = [writes[position][0] for position in failed]

    def _documents(self, taxonomy: Taxonomy, ids: Sequence[str]) -> dict[str, Derived | None]:
        usage = self._usage(taxonomy, ids)
        definitions = self._definitions(ids)
        images = self._images(taxonomy, ids)
        children = self._children(taxonomy, ids)
        return {
            id_: taxonomy_document(
                taxonomy, id_, definitions.get(id_), usage[id_], images[id_], children[id_]
            )
            for id_ in ids
        }

    def _usage(self, taxonomy: Taxonomy, ids: Sequence[str]) -> defaultdict[str, Usage]:
        usage: defaultdict[str, Usage] = defaultdict(Usage)
        for key, count in self._item_tallies(taxonomy, ids):
            usage[key["id"]].add_items(key["name"], key["published"], count)
        if taxonomy.has_mentions:
            for key, count in self._mention_tallies(taxonomy, ids):
                usage[key["id"]].add_mentions(key["name"], key["published"], count)
        return usage

    def _item_tallies(
        self, taxonomy: Taxonomy, ids: Sequence[str]
    ) -> Iterator[tuple[_TallyKey, int]]:
        """Count the items under each id, by the name that they use."""
        pipeline: list[Mapping[str, object]] = [
            {"$match": {"labels": {"$in": ids}}},
            {"$project": {"published": 1, "of": f"${taxonomy.field}"}},
        ]
        if taxonomy.many:
            pipeline += [{"$unwind": "$of"}, {"$match": {"of.id": {"$in": ids}}}]
        return self._tallies(pipeline)

    def _mention_tallies(
        self, taxonomy: Taxonomy, ids: Sequence[str]
    ) -> Iterator[tuple[_TallyKey, int]]:
        """Count the related entries that link to each id, by the name that they use."""
        return self._tallies(
            [
                {"$match": {f"related.{taxonomy.field}.id": {"$in": ids}}},
                {"$project": {"published": 1, "of": f"$related.{taxonomy.field}"}},
                {"$unwind": "$of"},
                {"$match": {"of.id": {"$in": ids}}},
            ]
        )

    def _tallies(self, pipeline: Sequence[Mapping[str, object]]) -> Iterator[tuple[_TallyKey, int]]:
        groups: Iterable[_Tally] = self._items.aggregate([*pipeline, _TALLY])
        return ((group["_id"], group["count"]) for group in groups)

    def _images(
        self, taxonomy: Taxonomy, ids: Sequence[str]
    ) -> defaultdict[str, dict[bool, RankedImages]]:
        """Return the images of the greatest rank for each id, by `published` of their item."""
        images: defaultdict[str, dict[bool, RankedImages]] = defaultdict(dict)
        if not taxonomy.has_images:
            return images
        field = taxonomy.field
        best = {"$top": {"sortBy": {"rank": -1, "_id": 1}, "output": ["$rank", "$of.images"]}}
        found = self._items.aggregate(
            [
                {"$match": {"labels": {"$in": ids}, f"{field}.images.0": {"$exists": True}}},
                {"$project": {"published": 1, "rank": 1, "of": f"${field}"}},
                {"$group": {"_id": {"id": "$of.id", "published": "$published"}, "best": best}},
            ]
        )
        for group in found:
            images[group["_id"]["id"]][group["_id"]["published"]] = RankedImages(*group["best"])
        return images

    def _definitions_of(self, ids: Sequence[str]) -> list[Definition]:
        """Return all definitions of these ids, by ascending rank."""
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

    def _parents(self, ids: Iterable[str]) -> set[str]:
        """Return the parents that definitions name: these may be all that names a parent."""
        definitions = chain.from_iterable(map(self._definitions_of, _batches(ids)))
        return {definition["parent"] for definition in definitions if "parent" in definition}

    def _children(
        self, taxonomy: Taxonomy, parents: Sequence[str]
    ) -> defaultdict[str, list[Definition]]:
        """Return the best definitions that name each of these as their parent."""
        children: defaultdict[str, list[Definition]] = defaultdict(list)
        if not taxonomy.has_parents:
            return children
        files = self._files.find({"definitions.parent": {"$in": parents}}, {"definitions": 1})
        ids = {
            definition["_id"]
            for file in files
            for definition in file["definitions"]
            if "parent" in definition
        }
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
