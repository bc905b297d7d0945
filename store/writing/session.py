"""One load's session with the store: batches in, patience with the server, rollups at the end."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import pymongo
from pymongo.database import Database
from pymongo.errors import BulkWriteError, PyMongoError

from store.connection import connect_blocking
from store.documents import Document
from store.errors import DeadlineExceeded, StoreError, Unavailable, translate
from store.indexes import INDEXES, build_item_indexes, ensure_indexes
from store.writing.candidates import FileChange
from store.writing.intents import Intents
from store.writing.manifest import Entry, Manifest
from store.writing.taxonomies import TaxonomyWriter
from store.writing.writer import Outcome, Writer

RETRY_FOR_S = 60.0
_PAUSE_S = 0.2
_MIN_TIMEOUT_S = 1.0

T = TypeVar("T")

log = logging.getLogger("newsgraph.session")


class Session:
    """What a load does to a database. All methods raise StoreError, after waiting for a server
    that is away for at most `retry_for_s` seconds, or until `stopped` says to."""

    def __init__(
        self,
        database: Database[Document],
        retry_for_s: float = RETRY_FOR_S,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._patience_s = retry_for_s
        self._stopped = stopped
        self._writer = Writer(database)
        self._intents = Intents(database["intents"])
        self._rollups = TaxonomyWriter(database)
        self._changed = False
        self._is_first = False
        self._manifest = Manifest(database["files"])

    def prepare(self) -> None:
        """Create the indexes that are missing.

        Those of an empty `items` come after its first load: sorted once, they take the server a
        third of the time that keeping them up to date with each batch does.
        """
        self._is_first = self._database["items"].find_one({}, {"_id": 1}) is None
        now = [name for name in INDEXES if name != "items" or not self._is_first]
        ensure_indexes(self._database, *now)

    def entries(self, root: str) -> Iterator[Entry]:
        """Give what is known of all files of a root, in the order of their paths' bytes."""
        last: str | None = None
        while some := self.retry(partial(self._manifest.entries_after, root, last)):
            yield from some
            last = some[-1].path

    def entry(self, root: str, path: str) -> Entry | None:
        """Give what is known of one file."""
        return self.retry(lambda: self._manifest.entry(root, path))

    def roots_above(self, path: str) -> list[str]:
        """Give the roots that were loaded and hold the file at an absolute path."""
        return self.retry(lambda: self._manifest.roots_above(path))

    def apply(self, changes: Sequence[FileChange]) -> Outcome:
        """Store what a batch of files gives."""
        return self._written(lambda: self._writer.apply(changes))

    def remove(self, files: Sequence[str]) -> Outcome:
        """Take away what files gave."""
        return self._written(lambda: self._writer.remove(files))

    def finish(self) -> bool:
        """Bring providers and topics up to date, and the version. Tells whether anything changed.

        The version moves once, when this load changed something or when one that was killed may
        have.
        """
        return self.retry(self._finish)

    def retry(self, operation: Callable[[], T]) -> T:
        """Do what can be repeated, again while there is no server to do it."""
        since: float | None = None
        while True:
            try:
                return operation()
            except (PyMongoError, StoreError) as error:
                cause = _cause(error)
                if not isinstance(cause, Unavailable | DeadlineExceeded):
                    raise cause from error
                self._changed = True  # the attempt may have written something
                now = time.monotonic()
                if since is None:
                    since = now
                    # Nothing configures logs in `newsgraph load`: this goes to standard error.
                    log.warning(
                        "MongoDB does not answer; waiting for it, %g s at most", self._patience_s
                    )
                if now - since > self._patience_s:
                    raise Unavailable(
                        f"MongoDB has not answered for {self._patience_s:.0f} seconds; what was "
                        "loaded is safe. Run the same load again when it is back."
                    ) from error
                if self._stopped():
                    raise Unavailable(
                        "Interrupted while MongoDB did not answer; what was loaded is safe. Run "
                        "the same load again when it is back."
                    ) from error
                time.sleep(_PAUSE_S)

    def _written(self, write: Callable[[], Outcome]) -> Outcome:
        def timed() -> Outcome:
            # A server that hangs counts as away. The driver looks for one as long as this, too.
            with pymongo.timeout(max(self._patience_s, _MIN_TIMEOUT_S)):
                return write()

        outcome = self.retry(timed)
        self._changed = self._changed or outcome.changed
        return outcome

    def _finish(self) -> bool:
        if self._is_first:
            build_item_indexes(self._database)
        pending = self._intents.pending()
        self._rollups.recompute({id_ for intent in pending for id_ in intent["touched"]})
        killed = any(not one["done"] and not one.get("counted") for one in pending)
        changed = self._changed or killed
        if changed:
            self._database["meta"].update_one(
                {"_id": "corpus"},
                {"$inc": {"version": 1}, "$set": {"updatedDateTime": datetime.now(UTC)}},
                upsert=True,
            )
        self._changed = False
        self._intents.settle(pending)
        return changed


def _cause(error: PyMongoError | StoreError) -> Exception:
    if isinstance(error, StoreError):
        return error
    if isinstance(error, BulkWriteError):
        details = error.details
        for failure in (*details["writeErrors"], *details["writeConcernErrors"]):
            cause = translate(pymongo.errors.OperationFailure(failure["errmsg"], failure["code"]))
            if isinstance(cause, StoreError):
                return cause
    return translate(error)


@contextmanager
def session(
    uri: str,
    database: str,
    *,
    retry_for_s: float = RETRY_FOR_S,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Session]:
    """Open a session; the indexes are there when it begins. Raises StoreError."""
    with connect_blocking(uri) as client:
        opened = Session(client[database], retry_for_s, stopped)
        opened.retry(opened.prepare)
        yield opened
