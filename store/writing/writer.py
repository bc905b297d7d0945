"""Bulk writes: what a batch of files gives becomes items, exactly once, whatever happens.

The order is what makes a load safe to kill: the intent, then the items, then the manifest. A
file whose entry is missing from the manifest is read again by the next load, and every write
gives the same result when it is repeated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.database import Database

from store.documents import Document
from store.writing.bulk_write import write_unordered
from store.writing.candidates import Candidate, FileChange, touched_ids, touches
from store.writing.conflicts import Conflicts
from store.writing.intents import Intent, Intents
from store.writing.manifest import Manifest

_BEFORE = {
    "rank": 1,
    "published": 1,
    "provider": 1,
    "topics": 1,
    "related.provider": 1,
    "source": 1,
}


@dataclass
class Outcome:
    """What writing did, in documents; `losses` are pairs of the losing and the winning file."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    pruned: int = 0
    losses: list[tuple[str, str]] = field(default_factory=list)
    changed: bool = False

    def add(self, other: "Outcome") -> None:
        """Add another outcome to this one."""
        for name in ("inserted", "updated", "unchanged", "superseded", "pruned"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.losses.extend(other.losses)
        self.changed = self.changed or other.changed


@dataclass
class _Plan:
    """One batch's writes, and which file and candidate each is for."""

    writes: list[Any] = field(default_factory=list)
    owners: list[tuple[str, Candidate]] = field(default_factory=list)
    contested: list[tuple[str, Candidate]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    removals: list[tuple[str, str]] = field(default_factory=list)
    reviewed: set[str] = field(default_factory=set)


class Writer:
    """Writes batches. All its methods raise PyMongo's errors, and can be called again after."""

    def __init__(self, database: Database[Document]) -> None:
        self._items = database["items"]
        self._contests = Conflicts(database)
        self._intents = Intents(database["intents"])
        self._manifest = Manifest(database["files"])

    def apply(self, changes: Sequence[FileChange]) -> Outcome:
        """Store what files give now, and take away what they gave before and give no more."""
        known = [change.file for change in changes if not change.is_new]
        before = self._manifest.documents(known) if known else {}
        outcome = Outcome()
        plan = self._planned(changes, before, outcome)
        intent = self._intents.start()
        if plan.writes or plan.contested or plan.touched:
            intent.widen(plan.touched)
        self._write(plan, outcome)
        self._contest(plan, intent, outcome)
        self._count_definitions(changes, before, outcome)
        self._manifest.record(changes, before)
        intent.finish()
        return outcome

    def remove(self, files: Sequence[str]) -> Outcome:
        """Take away files and all that they gave."""
        entries = self._manifest.documents(files)
        outcome = Outcome(pruned=sum(entry["count"] for entry in entries.values()))
        if not entries:
            return outcome
        outcome.changed = True
        plan = _Plan()
        for entry in entries.values():
            plan.touched |= {one["_id"] for one in entry.get("definitions", ())}
            plan.touched |= _parents(entry.get("definitions", ()))
            self._plan_removals(plan, entry["_id"], entry["ids"])
        current = self._current(id_ for _, id_ in plan.removals)
        for document in current.values():
            plan.touched |= touched_ids(frozenset(touches(document)), frozenset())
        intent = self._intents.start()
        intent.widen(plan.touched)
        self._write(plan, outcome)
        self._contest(plan, intent, outcome)
        self._manifest.forget(list(entries))
        intent.finish()
        return outcome

    def _planned(
        self, changes: Sequence[FileChange], before: dict[str, Document], outcome: Outcome
    ) -> _Plan:
        plan = _Plan()
        current = self._current(
            id_
            for change in changes
            if change.file in before
            for id_ in {*before[change.file]["ids"], *(one.id for one in change.candidates)}
        )
        for change in changes:
            entry = before.get(change.file)
            for candidate in change.candidates:
                stored = current.get(candidate.id)
                self._plan_candidate(plan, change.file, candidate, stored, outcome)
            definitions = entry.get("definitions", []) if entry else []
            if definitions != change.definitions:
                both = [*definitions, *change.definitions]
                plan.touched |= {one["_id"] for one in both} | _parents(both)
            if entry and change.complete:
                now = {candidate.id for candidate in change.candidates}
                gone = [id_ for id_ in entry["ids"] if id_ not in now]
                for id_ in gone:
                    if id_ in current:
                        old = frozenset(touches(current[id_]))
                        plan.touched |= touched_ids(old, frozenset())
                self._plan_removals(plan, change.file, gone)
        return plan

    def _plan_candidate(
        self,
        plan: _Plan,
        file: str,
        candidate: Candidate,
        stored: Document | None,
        outcome: Outcome,
    ) -> None:
        if stored is None:
            plan.writes.append(InsertOne(candidate.document(file)))
            plan.touched |= touched_ids(frozenset(), candidate.touches)
        elif stored["source"]["file"] != file:
            plan.contested.append((file, candidate))
            return
        elif stored["source"]["content"] == candidate.content:
            outcome.unchanged += 1
            plan.reviewed.add(candidate.id)
            return
        else:
            same = {"_id": candidate.id, "source": stored["source"]}
            plan.writes.append(ReplaceOne(same, candidate.document(file), upsert=True))
            plan.touched |= touched_ids(frozenset(touches(stored)), candidate.touches)
            plan.reviewed.add(candidate.id)
        plan.owners.append((file, candidate))

    def _plan_removals(self, plan: _Plan, file: str, ids: Iterable[str]) -> None:
        for id_ in ids:
            plan.removals.append((file, id_))
            plan.reviewed.add(id_)

    def _write(self, plan: _Plan, outcome: Outcome) -> None:
        """Make the writes in one round trip; those that find another file's item are contests."""
        deletions = [DeleteOne({"_id": id_, "source.file": file}) for file, id_ in plan.removals]
        failed = set(write_unordered(self._items, [*plan.writes, *deletions]))
        outcome.changed = outcome.changed or bool(deletions)
        owners, plan.owners = plan.owners, []
        for index, (write, owner) in enumerate(zip(plan.writes, owners, strict=True)):
            if index in failed:
                plan.contested.append(owner)
                continue
            plan.owners.append(owner)
            outcome.changed = True
            if isinstance(write, InsertOne):
                outcome.inserted += 1
            else:
                outcome.updated += 1

    def _contest(self, plan: _Plan, intent: Intent, outcome: Outcome) -> None:
        current = self._current(candidate.id for _, candidate in plan.contested)
        others = []
        for file, candidate in plan.contested:
            stored = current.get(candidate.id)
            if stored and stored["source"] == {"file": file, "content": candidate.content}:
                # The same load was killed after this write, or runs a second time.
                outcome.unchanged += 1
                plan.reviewed.add(candidate.id)
            else:
                others.append((file, candidate))
        if plan.reviewed:
            self._review(plan, intent, outcome)
        if not others:
            return
        self._contests.enter(others)
        ends = self._contests.settle({candidate.id for _, candidate in others}, intent)
        for file, candidate in others:
            settled = ends[candidate.id]
            outcome.changed = outcome.changed or settled.changed
            if settled.winner != file:
                outcome.superseded += 1
                outcome.losses.append((file, str(settled.winner)))
            elif settled.before is not None and settled.before != file:
                outcome.losses.append((settled.before, file))
                outcome.superseded += 1
            elif not settled.changed:
                outcome.unchanged += 1
            elif settled.before is None:
                outcome.inserted += 1
            else:
                outcome.updated += 1

    def _review(self, plan: _Plan, intent: Intent, outcome: Outcome) -> None:
        """Settle anew the ids whose item fell in rank or went, where others are waiting.

        Others, or what a swap that was cut short left there of the item itself.
        """
        contested = self._contests.contested(plan.reviewed)
        if not contested:
            return
        for file, candidate in plan.owners:
            if candidate.id in contested:
                self._contests.outdate(file, candidate)
        self._contests.withdraw([pair for pair in plan.removals if pair[1] in contested])
        for settled in self._contests.settle(contested, intent).values():
            outcome.changed = outcome.changed or settled.changed

    def _count_definitions(
        self, changes: Sequence[FileChange], before: dict[str, Document], outcome: Outcome
    ) -> None:
        for change in changes:
            entry = before.get(change.file, {})
            old = {one["_id"]: one for one in entry.get("definitions", ())}
            for definition in change.definitions:
                stored = old.pop(definition["_id"], None)
                if stored == definition:
                    outcome.unchanged += 1
                    continue
                outcome.changed = True
                if stored is None:
                    outcome.inserted += 1
                else:
                    outcome.updated += 1
            outcome.changed = outcome.changed or (change.complete and bool(old))

    def _current(self, ids: Iterable[str]) -> dict[str, Document]:
        wanted = list(ids)
        if not wanted:
            return {}
        return {one["_id"]: one for one in self._items.find({"_id": {"$in": wanted}}, _BEFORE)}


def _parents(definitions: Iterable[Document]) -> set[str]:
    return {one["parent"] for one in definitions if "parent" in one}
