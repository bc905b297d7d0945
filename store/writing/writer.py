"""Writes that turn batches of files into items, exactly once, whatever interrupts them.

The order is what makes a load safe to kill: the intent, then the items, then the manifest. A
file that is missing from the manifest is read again by the next load, and every write gives the
same result when it is repeated.
"""

from collections.abc import Sequence
from typing import Any

from pymongo.database import Database

from store.changes import MAX_LOAD_BYTES
from store.writing.batch import Batch, Outcome
from store.writing.candidates import FileChange
from store.writing.conflicts import Conflicts
from store.writing.intents import Intents
from store.writing.manifest import Manifest


class Writer:
    """Writes batches. All methods raise PyMongo's errors, and can then be called again.

    `room` is the number of bytes that the change feed may list of all batches together.
    """

    def __init__(self, database: Database[Any], room: int = MAX_LOAD_BYTES) -> None:
        self._items = database["items"]
        self._conflicts = Conflicts(database)
        self._intents = Intents(database["intents"], room)
        self._manifest = Manifest(database["files"])

    def apply(self, changes: Sequence[FileChange]) -> Outcome:
        """Store what files offer now, and delete what they offered before and no longer do."""
        known = [change.file for change in changes if not change.is_new]
        before = self._manifest.documents(known) if known else {}
        batch = self._batch()
        batch.plan_changes(changes, before)
        batch.carry_out()
        self._manifest.record(changes, before)
        batch.finish()
        return batch.outcome

    def remove(self, files: Sequence[str]) -> Outcome:
        """Delete files, given by their ids, and everything that they offered."""
        documents = self._manifest.documents(files)
        batch = self._batch()
        batch.plan_removal(documents.values())
        if documents:
            batch.carry_out()
            self._manifest.forget([*documents])
            batch.finish()
        return batch.outcome

    def _batch(self) -> Batch:
        return Batch(self._items, self._conflicts, self._intents.start())
