"""Items that several files give: the greatest rank is the item, the others wait in `superseded`.

A candidate is first put among the waiting, then the contest for its id is settled. Each step can
be repeated, and the swap holds only if the item is still the one that was compared: whoever comes
second, in another process too, sees the other's candidate. So the outcome depends on the
candidates alone, never on who came first or where someone was killed.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from store.candidates import Candidate, touched_ids, touches
from store.intents import Intent
from store.manifest import is_stream

Document = dict[str, Any]


class Settled(NamedTuple):
    """How a contest ended: the file that gives the item now, if any, and the one before."""

    winner: str | None
    before: str | None
    changed: bool


class Contests:
    """The `superseded` collection and the swaps between it and `items`."""

    def __init__(self, database: Database[Document]) -> None:
        self._items = database["items"]
        self._waiting = database["superseded"]

    def enter(self, file: str, candidate: Candidate) -> None:
        """Put a candidate among the waiting.

        Of those that came by standard input, which are no versions of one file, the best stays.
        """
        document = {
            "_id": _key(file, candidate.id),
            "item": candidate.id,
            "file": file,
            "content": candidate.content,
            "rank": candidate.rank,
            "document": candidate.document(file),
        }
        same: Document = {"_id": document["_id"]}
        if is_stream(file):
            same["rank"] = {"$lte": candidate.rank}
        with suppress(DuplicateKeyError):
            self._waiting.replace_one(same, document, upsert=True)

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

    def settle(self, item: str, intent: Intent) -> Settled:
        """Make the best candidate the item."""
        while True:
            current = self._items.find_one({"_id": item})
            waiting = {found["file"]: found for found in self._waiting.find({"item": item})}
            before = None if current is None else current["source"]["file"]
            if current is not None and before is not None and _counts(current, waiting.get(before)):
                waiting[before] = _as_waiting(current)
            if not waiting:
                return Settled(None, before, changed=False)
            best = max(waiting.values(), key=lambda one: (one["rank"], one["file"]))
            settled = Settled(best["file"], before, changed=True)
            if current is not None and current["source"] == best["document"]["source"]:
                self._waiting.delete_one({"_id": best["_id"], "content": best["content"]})
                return settled._replace(changed=False)
            touched = touched_ids(_touches(current), _touches(best["document"]))
            intent.widen(touched)
            if current is not None and before != best["file"]:
                kept = waiting[str(before)]
                self._waiting.replace_one({"_id": kept["_id"]}, kept, upsert=True)
            if self._swap(current, best["document"]):
                self._waiting.delete_one({"_id": best["_id"], "content": best["content"]})
                return settled

    def _swap(self, current: Document | None, best: Document) -> bool:
        if current is None:
            try:
                self._items.insert_one(best)
            except DuplicateKeyError:
                return False
            return True
        same = {"_id": current["_id"], "source": current["source"]}
        return self._items.replace_one(same, best).matched_count == 1


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
    }


def _touches(document: Document | None) -> frozenset[str]:
    return frozenset() if document is None else frozenset(touches(document))


def _key(file: str, item: str) -> str:
    return f"{file}#{item}"
