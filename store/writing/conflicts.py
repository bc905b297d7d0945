"""Items that several files give: the greatest rank is the item, the others wait in `superseded`.

A candidate is first put among the waiting, then the contest for its id is settled. Each step can
be repeated, and the swap holds only if the item is still the one that was compared: whoever comes
second, in another process too, sees the other's candidate. So the outcome depends on the
candidates alone, never on who came first or where someone was killed.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import uuid4

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.database import Database

from store.documents import Document
from store.writing.bulk_write import write_unordered
from store.writing.candidates import Candidate, touched_ids, touches
from store.writing.intents import Intent
from store.writing.manifest import is_stream


class Resolution(NamedTuple):
    """How a contest ended: the file that gives the item now, if any, and the one before."""

    winner: str | None
    before: str | None
    changed: bool


class Conflicts:
    """The `superseded` collection and the swaps between it and `items`."""

    def __init__(self, database: Database[Document]) -> None:
        self._items = database["items"]
        self._waiting = database["superseded"]

    def enter(self, candidates: Iterable[tuple[str, Candidate]]) -> None:
        """Put candidates, each with its file, among the waiting.

        Of those that came by standard input, which are no versions of one file, the best stays.
        """
        writes = []
        for file, candidate in candidates:
            document = {
                "_id": _key(file, candidate.id),
                "item": candidate.id,
                "file": file,
                "content": candidate.content,
                "rank": candidate.rank,
                "document": candidate.document(file),
                "turn": uuid4().hex,
            }
            same: Document = {"_id": document["_id"]}
            if is_stream(file):
                same["rank"] = {"$lte": candidate.rank}
            writes.append(ReplaceOne(same, document, upsert=True))
        write_unordered(self._waiting, writes)

    def outdate(self, file: str, candidate: Candidate) -> None:
        """Drop what an older version of a file left among the waiting."""
        older = {"_id": _key(file, candidate.id), "content": {"$ne": candidate.content}}
        self._waiting.delete_one(older)

    def withdraw(self, given_up: Iterable[tuple[str, str]]) -> None:
        """Take candidates, as pairs of file and item, off the waiting."""
        self._waiting.delete_many({"_id": {"$in": [_key(file, id_) for file, id_ in given_up]}})

    def contested(self, ids: Iterable[str]) -> set[str]:
        """Give those of the ids that have candidates waiting."""
        found = self._waiting.find({"item": {"$in": [*ids]}}, {"item": 1})
        return {waiting["item"] for waiting in found}

    def settle(self, items: Iterable[str], intent: Intent) -> dict[str, Resolution]:
        """Make the best candidate of each id the item; again where another load was faster."""
        settled: dict[str, Resolution] = {}
        left = set(items)
        while left:
            left = self._settle_once(left, settled, intent)
        return settled

    def _settle_once(
        self, items: set[str], settled: dict[str, Resolution], intent: Intent
    ) -> set[str]:
        """Settle what can be settled, and give the ids of the rest."""
        # In this order: an item that is newer than the list of those who wait for it is compared
        # again, but one that is older would pass for the winner.
        waiting = self._waiting_for(items)
        current = {one["_id"]: one for one in self._items.find({"_id": {"$in": [*items]}})}
        swaps: list[tuple[str, Document, Resolution]] = []
        keeps, writes, leaving = [], [], []
        touched: set[str] = set()
        for item in sorted(items):
            now, candidates = current.get(item), waiting[item]
            before = None if now is None else str(now["source"]["file"])
            if now is not None and before is not None and _counts(now, candidates.get(before)):
                candidates[before] = _as_waiting(now)
            if not candidates:
                settled[item] = Resolution(None, before, changed=False)
                continue
            best = max(candidates.values(), key=lambda one: (one["rank"], one["file"]))
            if now is not None and now["source"] == best["document"]["source"]:
                leaving.append(best)
                settled[item] = Resolution(best["file"], before, changed=False)
                continue
            touched |= touched_ids(_touches(now), _touches(best["document"]))
            if before is not None and before != best["file"]:
                kept = candidates[before] | {"turn": uuid4().hex}
                keeps.append(ReplaceOne({"_id": kept["_id"]}, kept, upsert=True))
            swaps.append((item, best, Resolution(best["file"], before, changed=True)))
            writes.append(_swap(now, best["document"]))
        intent.widen(touched)
        write_unordered(self._waiting, keeps)
        lost = set(write_unordered(self._items, writes))
        for number, (item, best, outcome) in enumerate(swaps):
            if number not in lost:
                leaving.append(best)
                settled[item] = outcome
        # Unless they were put there anew meanwhile.
        gone = [DeleteOne({"_id": one["_id"], "turn": one["turn"]}) for one in leaving]
        write_unordered(self._waiting, gone)
        return {swaps[number][0] for number in lost}

    def _waiting_for(self, items: set[str]) -> dict[str, dict[str, Document]]:
        """Give each id's candidates by their files."""
        waiting: dict[str, dict[str, Document]] = defaultdict(dict)
        for one in self._waiting.find({"item": {"$in": [*items]}}):
            waiting[one["item"]][one["file"]] = one
        return waiting


def _swap(current: Document | None, best: Document) -> Any:
    """Give the write that makes `best` the item, and collides if it is not as it was read."""
    if current is None:
        return InsertOne(best)
    return ReplaceOne({"_id": current["_id"], "source": current["source"]}, best, upsert=True)


def _counts(current: Document, waiting: Document | None) -> bool:
    """Tell whether the item as it is takes part; a newer version of its file takes its place."""
    if waiting is None:
        return True
    return is_stream(waiting["file"]) and bool(current["rank"] > waiting["rank"])


def _as_waiting(document: Document) -> Document:
    source = document["source"]
    return {
        "_id": _key(source["file"], document["_id"]),
        "item": document["_id"],
        "file": source["file"],
        "content": source["content"],
        "rank": document["rank"],
        "document": document,
        "turn": uuid4().hex,
    }


def _touches(document: Document | None) -> frozenset[str]:
    return frozenset() if document is None else frozenset(touches(document))


def _key(file: str, item: str) -> str:
    return f"{file}#{item}"
