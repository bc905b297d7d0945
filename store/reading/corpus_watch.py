"""Which version of the corpus is current, known without asking for it."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final, NamedTuple

import pymongo
from bson.timestamp import Timestamp
from pymongo import ReadPreference
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.synchronous.change_stream import CollectionChangeStream

from store.connection import connect_blocking
from store.documents import CORPUS_ID, Document
from store.errors import Refused, StoreError, translated

log = logging.getLogger("newsgraph.corpus")

MAX_AGE_S: Final = 1.0
"""A version counts as current for this long after the server was asked whether it is."""

# How long the server waits for a change before it answers that there was none. The version is so
# asked for again with three quarters of its time left.
_AWAIT_S: Final = 0.25
_WITHIN_S: Final = 3.0  # for one call: a server that hangs does not hold the thread
_STOP_WITHIN_S: Final = 1.0
_NEVER: Final = float("-inf")


class CorpusVersion(NamedTuple):
    """A state of the corpus."""

    version: int
    """Goes up by one with each load that changes data; starts again when the data is deleted."""
    site: int
    """The version with which the site fields changed last."""


class CorpusWatch:
    """Follows the version of one corpus, with a client and a thread of its own.

    The server reports changes (MongoDB manual, "Change Streams"), and four times a second that
    there are none. One without change streams, or that does not permit them, is asked as often.
    Only the primary is asked: a secondary may lag behind.

    In the thread, answers do not wait for the turns of a busy event loop, of which the driver's
    asynchronous client needs some twenty for a call.
    """

    def __init__(
        self, uri: str, database: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Make a watch, which does not run yet. Raises Refused for an unusable URI."""
        self._client = connect_blocking(uri)
        self._meta = self._client[database].get_collection(
            "meta", read_preference=ReadPreference.PRIMARY
        )
        self._clock = clock
        self._known: CorpusVersion | None = None
        self._asked = _NEVER  # when the server was asked what it then answered
        self._is_away = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="corpus-watch", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()  # a new one after each change

    @property
    def current(self) -> CorpusVersion | None:
        """The version that was current `MAX_AGE_S` seconds ago or later; None if it is not known.

        It is not known before the first answer of the server, nor while there is no primary, or
        one that does not answer.
        """
        return self._known if self._clock() - self._asked < MAX_AGE_S else None

    async def after(self, known: CorpusVersion | None) -> CorpusVersion:
        """Return the version, once it is another than `known`: the newest, if there were more."""
        while True:
            changed = self._changed
            if self._known is not None and self._known != known:
                return self._known
            await changed.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch for the duration of the context, once. At its end, the client is closed."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            await asyncio.to_thread(self._thread.join, _STOP_WITHIN_S)
            self._client.close()

    # What follows runs in the thread.

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except (StoreError, PyMongoError) as error:
                self._note_outage(error)
            except Exception:
                log.exception("The corpus is not watched; trying again")
            self._stopping.wait(_AWAIT_S)

    def _follow(self) -> None:
        """Keep the version current until there is another primary. Raises StoreError."""
        primary = self._client.primary
        # From the time of the read on, so that no change falls between the two. A write that has
        # not reached the majority yet is in neither a later read nor a later stream.
        changes = self._changes_since(self._read())
        while self._client.primary == primary and not self._stopping.is_set():
            if changes is None:
                self._stopping.wait(_AWAIT_S)
            elif not self._await_change(changes):
                continue
            elif not changes.alive:  # the collection was dropped
                return
            self._read()

    def _changes_since(self, time: Timestamp | None) -> CollectionChangeStream[Document] | None:
        """Return a stream of changes; None if the server has none, or does not permit it."""
        if time is None:  # it is no replica set
            return None
        with suppress(Refused, OperationFailure), _bounded():
            return self._meta.watch(
                [{"$match": {"documentKey._id": CORPUS_ID}}],
                start_at_operation_time=time,
                max_await_time_ms=int(_AWAIT_S * 1000),
            )
        return None

    def _await_change(self, changes: CollectionChangeStream[Document]) -> bool:
        """Return whether the corpus changed, or the stream ended, in the time that is waited."""
        asked = self._clock()
        with _bounded():
            change = changes.try_next()
        if change is None and changes.alive:
            self._asked = asked
            return False
        return True

    def _read(self) -> Timestamp | None:
        """Read the version; return the time in the server's history at which it was current."""
        asked = self._clock()
        keys = {"version": 1, "siteVersion": 1}
        with _bounded(), self._client.start_session() as session:
            found = self._meta.find_one({"_id": CORPUS_ID}, keys, session=session) or {}
        known = CorpusVersion(found.get("version", 0), found.get("siteVersion", 0))
        is_new = known != self._known
        self._known = known
        self._asked = asked  # after `_known`, which another thread reads together with it
        if is_new and self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)
        if self._is_away:
            self._is_away = False
            log.info("The corpus is watched again; its version is %d", known.version)
        return session.operation_time

    def _note_outage(self, error: Exception) -> None:
        if not self._is_away and not self._stopping.is_set():
            self._is_away = True
            log.warning("The corpus is not watched, and no response is cached: %s", error)

    # And this on the event loop.

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@contextmanager
def _bounded() -> Iterator[None]:
    """Bound the time of a call, and raise StoreError for what the driver raises."""
    with translated(), pymongo.timeout(_WITHIN_S):
        yield
