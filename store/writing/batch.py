"""Writing one batch of files: planning the writes, announcing and making them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection

from store.writing.bulk_write import Write, write_unordered
from store.writing.candidates import (
    ABSENT,
    STORED_ITEM_FIELDS,
    Candidate,
    Definition,
    FileChange,
    StoredItem,
    traits,
)
from store.writing.conflicts import Conflicts, Resolution
from store.writing.effects import Effects
from store.writing.intents import Intent
from store.writing.manifest import FileDocument


class Loss(NamedTuple):
    """Two files that offer an item of one id: the losing and the winning one."""

    loser: str
    winner: str
    item: str


@dataclass
class Outcome:
    """What a write did, in documents."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    pruned: int = 0
    losses: list[Loss] = field(default_factory=list)
    changed: bool = False


class Batch:
    """The writes of one batch to `items` and `superseded`.

    Plan changes or removals, then `carry_out`, and `finish` when the manifest has them. `outcome`
    counts what was done.
    """

    def __init__(self, items: Collection[Any], conflicts: Conflicts, intent: Intent) -> None:
        self.outcome = Outcome()
        self._items = items
        self._conflicts = conflicts
        self._intent = intent
        self._effects = Effects()
        self._writes: list[tuple[Write, Candidate]] = []
        self._removals: list[tuple[str, str]] = []
        self._contested: list[Candidate] = []
        # Ids whose item may have lost rank, is removed, or was written by an interrupted load: a
        # queued candidate may be the best one now.
        self._recheck: set[str] = set()

    def plan_changes(
        self, changes: Sequence[FileChange], before: Mapping[str, FileDocument]
    ) -> None:
        """Plan what it takes to store what files offer; `before` has their manifest documents."""
        current = self._current(
            id_
            for change in changes
            if change.file in before
            for id_ in {
                *before[change.file]["ids"],
                *(candidate.id for candidate in change.candidates),
            }
        )
        for change in changes:
            for candidate in change.candidates:
                self._plan_candidate(candidate, current.get(candidate.id))
            document = before.get(change.file)
            self._plan_definitions(change, document.get("definitions", []) if document else [])
            if document and change.complete:
                offered = {candidate.id for candidate in change.candidates}
                gone = [id_ for id_ in document["ids"] if id_ not in offered]
                self._plan_removals(change.file, gone, current)

    def plan_removal(self, files: Iterable[FileDocument]) -> None:
        """Plan what it takes to delete everything that files offered."""
        documents = [*files]
        current = self._current(id_ for document in documents for id_ in document["ids"])
        for document in documents:
            self._effects.taxonomies |= _named_by(document.get("definitions", ()))
            self._plan_removals(document["_id"], document["ids"], current)
            self.outcome.pruned += document["count"]
            self.outcome.changed = True

    def carry_out(self) -> None:
        """Store the intent and write the items, resolving conflicts with other files."""
        self._announce()
        self._write()
        self._resolve_conflicts()

    def finish(self) -> None:
        """Record that all writes are made, the manifest's too."""
        if self.outcome.changed:
            self._intent.finish()
        else:  # such as items of a stream that were there already
            self._intent.withdraw()

    def _announce(self) -> None:
        """Store the intent, unless there is nothing to write."""
        if self._writes or self._removals or self._contested or self._effects:
            self._intent.add(self._effects)

    def _write(self) -> None:
        """Write items in one round trip; those whose id another file has are contested."""
        deletions = [DeleteOne({"_id": id_, "source.file": file}) for file, id_ in self._removals]
        writes = [write for write, _ in self._writes]
        failed = set(write_unordered(self._items, [*writes, *deletions]))
        self._contested += [self._writes[position][1] for position in sorted(failed)]
        self._writes = [pair for i, pair in enumerate(self._writes) if i not in failed]
        inserted = sum(isinstance(write, InsertOne) for write, _ in self._writes)
        self.outcome.inserted += inserted
        self.outcome.updated += len(self._writes) - inserted
        self.outcome.changed |= bool(self._writes or deletions)

    def _resolve_conflicts(self) -> None:
        """Find the best candidate of every contested item."""
        current = self._current(candidate.id for candidate in self._contested)
        rivals = []
        for candidate in self._contested:
            stored = current.get(candidate.id)
            if stored and stored["source"] == candidate.source:
                # The same load was killed after this write, or runs twice at once.
                self.outcome.unchanged += 1
                self._recheck.add(candidate.id)
            else:
                rivals.append(candidate)
        self._resolve_rechecks()
        if rivals:
            self._conflicts.queue(rivals)
            resolutions = self._conflicts.resolve(
                {candidate.id for candidate in rivals}, self._intent
            )
            for candidate in rivals:
                self._count(candidate, resolutions[candidate.id])

    def _plan_candidate(self, candidate: Candidate, stored: StoredItem | None) -> None:
        if stored is None:
            self._writes.append((InsertOne(candidate.document), candidate))
            self._effects.change(candidate.id, ABSENT, candidate.traits)
        elif stored["source"]["file"] != candidate.file:
            self._contested.append(candidate)
        elif stored["source"]["content"] == candidate.content:
            self.outcome.unchanged += 1
            self._recheck.add(candidate.id)
        else:
            same = {"_id": candidate.id, "source": stored["source"]}
            self._writes.append((ReplaceOne(same, candidate.document, upsert=True), candidate))
            self._effects.change(candidate.id, traits(stored), candidate.traits)
            self._recheck.add(candidate.id)

    def _plan_definitions(self, change: FileChange, before: list[Definition]) -> None:
        """Count what becomes of definitions, which are stored in the manifest."""
        if before == change.definitions:
            self.outcome.unchanged += len(before)
            return
        self._effects.taxonomies |= _named_by([*before, *change.definitions])
        old = {definition["_id"]: definition for definition in before}
        for definition in change.definitions:
            stored = old.pop(definition["_id"], None)
            if stored == definition:
                self.outcome.unchanged += 1
                continue
            self.outcome.changed = True
            if stored is None:
                self.outcome.inserted += 1
            else:
                self.outcome.updated += 1
        self.outcome.changed |= change.complete and bool(old)

    def _plan_removals(
        self, file: str, ids: Iterable[str], current: Mapping[str, StoredItem]
    ) -> None:
        for id_ in ids:
            self._removals.append((file, id_))
            self._recheck.add(id_)
            if id_ in current:
                self._effects.change(id_, traits(current[id_]), ABSENT)

    def _resolve_rechecks(self) -> None:
        """Resolve the conflicts over changed items that have queued candidates.

        Those may be other files', or the item's own that an interrupted swap left behind.
        """
        ids = self._conflicts.queued_ids(self._recheck) if self._recheck else set()
        if not ids:
            return
        for _, candidate in self._writes:
            if candidate.id in ids:
                self._conflicts.drop_stale(candidate)
        self._conflicts.drop(pair for pair in self._removals if pair[1] in ids)
        for resolution in self._conflicts.resolve(ids, self._intent).values():
            self.outcome.changed |= resolution.changed

    def _count(self, candidate: Candidate, resolution: Resolution) -> None:
        winner, before, changed = resolution
        outcome = self.outcome
        outcome.changed |= changed
        if winner != candidate.file:
            outcome.superseded += 1
            outcome.losses.append(Loss(candidate.file, str(winner), candidate.id))
        elif before is not None and before != candidate.file:
            outcome.superseded += 1
            outcome.losses.append(Loss(before, candidate.file, candidate.id))
        elif not changed:
            outcome.unchanged += 1
        elif before is None:
            outcome.inserted += 1
        else:
            outcome.updated += 1

    def _current(self, ids: Iterable[str]) -> dict[str, StoredItem]:
        """Return the stored items with these ids, without the fields that decide nothing."""
        wanted = [*ids]
        if not wanted:
            return {}
        found = self._items.find({"_id": {"$in": wanted}}, STORED_ITEM_FIELDS)
        return {item["_id"]: item for item in found}


def _named_by(definitions: Iterable[Definition]) -> set[str]:
    """Return the ids of the providers and topics that definitions describe or name as parents."""
    ids: set[str] = set()
    for definition in definitions:
        ids.add(definition["_id"])
        if "parent" in definition:
            ids.add(definition["parent"])
    return ids
