"""Items that several files offer: the greatest rank becomes the item, the others are queued.

A candidate is first put into the queue, the `superseded` collection, then the conflict over its id
is resolved. Each step can be repeated, and a swap holds only if the item is still the one that was
compared: the slower of two loads, in another process too, sees the other's candidate. So the
outcome depends on the candidates alone, never on which came first or where a load was killed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypedDict
from uuid import uuid4

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database

from store.writing.bulk_write import Write, write_unordered
from store.writing.candidates import ABSENT, Candidate, ItemSource, StoredItem, traits
from store.writing.effects import Effects
from store.writing.file_ids import is_stream
from store.writing.intents import Intent


class QueuedDocument(TypedDict):
    """A document of the `superseded` collection: a file's candidate for an item's id.

    `turn` is its revision, under the name that existing databases have for it: every write has
    another, so that a deletion spares later writes.
    """

    _id: str
    item: str
    file: str
    content: str
    rank: str
    document: Mapping[str, Any]
    turn: str


class Resolution(NamedTuple):
    """How a conflict ended: the file whose item is stored now, if any, and the one before."""

    winner: str | None
    before: str | None
    changed: bool


class _Conflict(NamedTuple):
    """The item that is stored under an id, and the best candidate for that id.

    `displaced` is the stored item as a queued candidate, if another file's candidate replaces it.
    """

    item: StoredItem | None
    best: QueuedDocument
    displaced: QueuedDocument | None

    @property
    def is_over(self) -> bool:
        return self.item is not None and self.item["source"] == self.best["document"]["source"]

    @property
    def resolution(self) -> Resolution:
        before = None if self.item is None else self.item["source"]["file"]
        return Resolution(self.best["file"], before, changed=not self.is_over)

    @property
    def swap(self) -> Write:
        """The write that makes `best` the item; it fails if the item is not as it was read."""
        document = self.best["document"]
        if self.item is None:
            return InsertOne(document)
        same = {"_id": document["_id"], "source": self.item["source"]}
        return ReplaceOne(same, document, upsert=True)


class Conflicts:
    """The `superseded` collection and the swaps between it and `items`."""

    def __init__(self, database: Database[Any]) -> None:
        self._items = database["items"]
        self._queue: Collection[QueuedDocument] = database["superseded"]

    def queue(self, candidates: Iterable[Candidate]) -> None:
        """Queue candidates, each in the place of its file's former one.

        Those of a stream are not versions of one file: the best of them stays.
        """
        writes: list[Write] = []
        for candidate in candidates:
            queued = _queued(candidate.id, candidate.source, candidate.rank, candidate.document)
            same: dict[str, object] = {"_id": queued["_id"]}
            if is_stream(candidate.file):
                same["rank"] = {"$lte": candidate.rank}
            writes.append(ReplaceOne(same, queued, upsert=True))
        write_unordered(self._queue, writes)

    def drop(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Remove queued candidates, given as (file, item id)."""
        self._queue.delete_many({"_id": {"$in": [_key(file, id_) for file, id_ in pairs]}})

    def drop_stale(self, candidate: Candidate) -> None:
        """Remove what an older version of the candidate's file has in the queue."""
        key = _key(candidate.file, candidate.id)
        self._queue.delete_one({"_id": key, "content": {"$ne": candidate.content}})

    def queued_ids(self, ids: Iterable[str]) -> set[str]:
        """Return those of the item ids that have queued candidates."""
        found = self._queue.find({"item": {"$in": [*ids]}}, {"item": 1})
        return {queued["item"] for queued in found}

    def resolve(self, ids: Iterable[str], intent: Intent) -> dict[str, Resolution]:
        """Make the best candidate of each id the item; repeat where another load was faster."""
        resolutions: dict[str, Resolution] = {}
        left = set(ids)
        while left:
            resolutions |= self._resolve_once(left, intent)
            left -= resolutions.keys()
        return resolutions

    def _resolve_once(self, ids: set[str], intent: Intent) -> dict[str, Resolution]:
        """Return the resolutions of those ids whose item no other load changed meanwhile."""
        # In this order: an item newer than the list of its rivals is compared again, but an item
        # older than that list would pass for the winner.
        candidates = self._queued_for(ids)
        items = {item["_id"]: item for item in self._items.find({"_id": {"$in": [*ids]}})}
        resolutions: dict[str, Resolution] = {}
        resolved: list[QueuedDocument] = []
        swaps: list[_Conflict] = []
        for id_ in sorted(ids):
            conflict = _compare(items.get(id_), candidates[id_])
            if conflict is None:
                resolutions[id_] = Resolution(None, None, changed=False)
            elif conflict.is_over:
                resolved.append(conflict.best)
                resolutions[id_] = conflict.resolution
            else:
                swaps.append(conflict)
        intent.add(_effects(swaps))
        requeues = [
            ReplaceOne({"_id": displaced["_id"]}, displaced, upsert=True)
            for conflict in swaps
            if (displaced := conflict.displaced) is not None
        ]
        write_unordered(self._queue, requeues)
        failed = set(write_unordered(self._items, [conflict.swap for conflict in swaps]))
        for position, conflict in enumerate(swaps):
            if position not in failed:
                resolved.append(conflict.best)
                resolutions[conflict.best["item"]] = conflict.resolution
        # By their revisions: those that were queued again meanwhile stay.
        write_unordered(
            self._queue,
            [DeleteOne({"_id": queued["_id"], "turn": queued["turn"]}) for queued in resolved],
        )
        return resolutions

    def _queued_for(self, ids: set[str]) -> defaultdict[str, dict[str, QueuedDocument]]:
        """Return the queued candidates by item id, then by file."""
        found: defaultdict[str, dict[str, QueuedDocument]] = defaultdict(dict)
        for queued in self._queue.find({"item": {"$in": [*ids]}}):
            found[queued["item"]][queued["file"]] = queued
        return found


def _effects(swaps: Iterable[_Conflict]) -> Effects:
    effects = Effects()
    for item, best, _ in swaps:
        before = ABSENT if item is None else traits(item)
        effects.change(best["item"], before, traits(best["document"]))
    return effects


def _compare(item: StoredItem | None, candidates: Mapping[str, QueuedDocument]) -> _Conflict | None:
    """Compare the item and the queued candidates, by file; return None if there is nothing."""
    own: QueuedDocument | None = None
    if item is not None:
        file = item["source"]["file"]
        own = candidates.get(file)  # a newer version of the same file, unless it is a stream
        if own is None or (is_stream(file) and item["rank"] > own["rank"]):
            own = _queued(item["_id"], item["source"], item["rank"], item)
        candidates = {**candidates, file: own}
    if not candidates:
        return None
    best = max(candidates.values(), key=lambda queued: (queued["rank"], queued["file"]))
    if own is None or own["file"] == best["file"]:
        return _Conflict(item, best, None)
    return _Conflict(item, best, displaced={**own, "turn": uuid4().hex})


def _queued(id_: str, source: ItemSource, rank: str, document: Mapping[str, Any]) -> QueuedDocument:
    file, content = source["file"], source["content"]
    return {
        "_id": _key(file, id_),
        "item": id_,
        "file": file,
        "content": content,
        "rank": rank,
        "document": document,
        "turn": uuid4().hex,
    }


def _key(file: str, id_: str) -> str:
    return f"{file}#{id_}"
