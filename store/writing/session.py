"""A load's session with the store.

It writes batches, then updates the providers, topics and authors, and the corpus version.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from store.connection import connect_blocking
from store.errors import DeadlineExceeded, StoreError, Unavailable, translate
from store.indexes import INDEXES, build_item_indexes, drop_text_index, ensure_indexes
from store.site_fields import SiteFields
from store.writing.batch import Outcome
from store.writing.candidates import FileChange
from store.writing.clock import ItemClock
from store.writing.completion import Completion
from store.writing.corpus import CorpusWriter
from store.writing.manifest import LoadedFile, Manifest
from store.writing.roots import LoadedRoot, Roots
from store.writing.writer import Writer

RETRY_FOR_S = 60.0
_COUNTED = ("items", "topics", "providers", "authors")
_PAUSE_S = 0.2
_MIN_TIMEOUT_S = 1.0

T = TypeVar("T")

log = logging.getLogger("newsgraph.session")


def _never() -> bool:
    return False


class Session:
    """What a load does to a database.

    `text` says whether items have a text index. If not, an existing one is deleted.

    While MongoDB is unavailable, all methods wait and try again, for `retry_for_s` seconds at most
    and not once `stopped` returns true. They raise StoreError.
    """

    def __init__(
        self,
        database: Database[Any],
        retry_for_s: float = RETRY_FOR_S,
        stopped: Callable[[], bool] = _never,
        *,
        text: bool = True,
        shows_future: bool = False,
    ) -> None:
        self._database = database
        self._retry_for_s = retry_for_s
        self._stopped = stopped
        self._text = text
        self._writer = Writer(database)
        self._completion = Completion(database)
        self._clock = ItemClock(database, shows_future=shows_future)
        self._manifest = Manifest(database["files"])
        self._roots = Roots(database)
        self._corpus = CorpusWriter(database["meta"])
        self._sites: dict[str, SiteFields] = {}
        self._changed = False
        self._is_first = False

    def prepare(self) -> None:
        """Create the indexes that are missing.

        If `items` is empty, its indexes come after the load: sorted once, they take the server a
        third of the time that updating them with each batch takes.
        """
        self.retry(self._create_indexes)

    def loaded_files(self, root: str, below: str = "") -> Iterator[LoadedFile]:
        """Yield all files of a root that were loaded, in byte order of their paths.

        With `below`, the path of a folder that ends with a slash, yield only those in it.
        """
        last: str | None = None
        while batch := self.retry(partial(self._manifest.files_after, root, last, below)):
            yield from batch
            last = batch[-1].path

    def files_loaded(self, root: str, paths: Sequence[str]) -> dict[str, LoadedFile]:
        """Return those of a root's files that were loaded, by path."""
        return self.retry(partial(self._manifest.files, root, paths))

    def roots_above(self, path: str) -> list[str]:
        """Return the loaded roots that hold the file at an absolute path, outermost first."""
        return self.retry(partial(self._roots.above, path))

    def roots_below(self, root: str) -> list[str]:
        """Return the loaded roots in the folders below a root."""
        return self.retry(partial(self._roots.below, root))

    def is_loaded(self, root: str) -> bool:
        """Return whether files of a root were loaded."""
        return self.retry(partial(self._roots.is_loaded, root))

    def roots(self) -> list[LoadedRoot]:
        """Return all loaded roots, by path."""
        return self.retry(self._roots.all)

    def totals(self) -> dict[str, int]:
        """Return how many items, topics, providers and authors the database holds."""
        return self.retry(
            lambda: {name: self._database[name].estimated_document_count() for name in _COUNTED}
        )

    def record_root(self, root: str, failed: int, failures: Sequence[str]) -> None:
        """Record a load of a whole root: how many files failed, and the paths of the first."""
        self.retry(partial(self._roots.record, root, failed, failures))

    def forget_root(self, root: str) -> None:
        """Delete what is recorded of a root, after its files are removed."""
        self.retry(partial(self._roots.forget, root))

    def apply(self, changes: Sequence[FileChange]) -> Outcome:
        """Store what a batch of files offers."""
        return self._write(partial(self._writer.apply, changes))

    def remove(self, files: Sequence[str]) -> Outcome:
        """Delete what files, given by their ids, offered."""
        return self._write(partial(self._writer.remove, files))

    def sites(self) -> dict[str, SiteFields]:
        """Return the site fields of each root that has some."""
        return self.retry(self._corpus.sites)

    def set_site(self, root: str, fields: SiteFields) -> None:
        """Set the site fields of a root. `finish` stores them with the version."""
        self._sites[root] = fields

    def finish(self) -> None:
        """Recompute the providers, topics and authors that changed, and raise the corpus version.

        Before that, publish or take back the items whose time has come. The version rises by one if
        this load changed something, or if a load that was killed may have.
        """
        self.retry(self._finish)

    def turn_due(self) -> None:
        """Publish or take back the items whose time has come, as `finish` does."""
        if self.retry(self._clock.is_due):
            self.finish()

    def retry(self, operation: Callable[[], T]) -> T:
        """Call an idempotent operation, again and again while MongoDB is unavailable."""
        failing_since: float | None = None
        while True:
            try:
                return operation()
            except (PyMongoError, StoreError) as error:
                cause = error if isinstance(error, StoreError) else translate(error)
                if not isinstance(cause, Unavailable | DeadlineExceeded):
                    raise cause from error
                self._changed = True  # the attempt may have written something
                now = time.monotonic()
                if failing_since is None:
                    failing_since = now
                    # Nothing configures logs in `newsgraph load`: this goes to standard error.
                    log.warning(
                        "MongoDB is not responding; retrying for up to %g s", self._retry_for_s
                    )
                self._raise_when_over(now - failing_since, error)
                time.sleep(_PAUSE_S)

    def _raise_when_over(self, failing_s: float, error: Exception) -> None:
        remedy = "Everything loaded so far is safe. Run the same load again when MongoDB is back."
        if failing_s > self._retry_for_s:
            message = f"MongoDB has not responded for {self._retry_for_s:.0f} seconds."
            raise Unavailable(f"{message} {remedy}") from error
        if self._stopped():
            raise Unavailable(f"Interrupted while MongoDB was not responding. {remedy}") from error

    def _create_indexes(self) -> None:
        self._is_first = self._database["items"].find_one({}, {"_id": 1}) is None
        if self._is_first:
            # Nobody has read anything yet, so the change feed need not list it item by item.
            self._writer = Writer(self._database, room=0)
        now = [name for name in INDEXES if name != "items" or not self._is_first]
        ensure_indexes(self._database, *now, text=self._text)
        if not self._text:
            drop_text_index(self._database)

    def _write(self, write: Callable[[], Outcome]) -> Outcome:
        def write_in_time() -> Outcome:
            # A server that hangs counts as unavailable. The driver, too, looks for a server only
            # as long as this.
            with pymongo.timeout(max(self._retry_for_s, _MIN_TIMEOUT_S)):
                return write()

        outcome = self.retry(write_in_time)
        self._changed |= outcome.changed
        return outcome

    def _finish(self) -> None:
        if self._is_first:
            build_item_indexes(self._database, text=self._text)
            self._is_first = False
            self._writer = Writer(self._database)
        self._clock.turn_due()
        self._clock.turn_misplaced()
        self._completion.complete(changed=self._changed, sites=self._changed_sites())
        self._changed = False

    def _changed_sites(self) -> dict[str, SiteFields]:
        stored = self._corpus.sites() if self._sites else {}
        return {
            root: fields for root, fields in self._sites.items() if fields != stored.get(root, ())
        }


@contextmanager
def open_session(
    uri: str,
    database: str,
    *,
    retry_for_s: float = RETRY_FOR_S,
    stopped: Callable[[], bool] = _never,
    text: bool = True,
    shows_future: bool = False,
) -> Iterator[Session]:
    """Open a session; first create the indexes that are missing. Raises StoreError.

    With `shows_future`, items whose date lies ahead are published.
    """
    with connect_blocking(uri) as client:
        session = Session(
            client[database], retry_for_s, stopped, text=text, shows_future=shows_future
        )
        session.prepare()
        yield session
