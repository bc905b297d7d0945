"""Keeps a search index in step with the corpus: builds it, then follows the change feed.

The place that it has reached is part of each commit of the index. So a follower that is killed
anywhere goes on from there, and repeats at most what it had not committed.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Final

from pymongo import ReadPreference
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from store.documents import Document
from store.errors import StoreError, translated
from store.reading.changes import Change, Changes, PlaceGone
from store.reading.changes import Place as FeedPlace
from store.reading.corpus_watch import CorpusVersion, CorpusWatch
from store.reading.damage import lenient
from store.search.fields import PROJECTION
from store.search.interface import Place, Writer
from store.search.status import Activity, FollowerStatus

log = logging.getLogger("newsgraph.search")

NOTHING: Final = Place(-1)
"""The place of an index that is being built again: what it held is not the corpus any more."""

_BATCH: Final = 500  # items that are read at once
_AT_ONCE: Final = 10  # items that are analyzed before the loop goes on: the longest take 0.1 s each
_PAUSE_S: Final = 0.5  # before another try, when MongoDB is away or something failed
_LOOK_EVERY_S: Final = 1.0  # when no change is reported: a dropped database has its old version

OpenWriter = Callable[[], AbstractContextManager[Writer]]


class Follower:
    """Writes the index of a host from one database, whose corpus is watched.

    `report` is told what it is doing.
    """

    def __init__(
        self,
        database: AsyncDatabase[Document],
        watch: CorpusWatch,
        open_writer: OpenWriter,
        report: Callable[[FollowerStatus], None],
    ) -> None:
        self._changes = Changes(database)
        self._items = _newest(database["items"])
        self._watch = watch
        self._seen: CorpusVersion | None = None
        self._open_writer = open_writer
        self._report = report
        self._reported: FollowerStatus | None = None
        self._problem = ""

    async def run(self) -> None:
        """Follow until cancelled. What fails is logged, and tried again."""
        while True:
            self._tell(FollowerStatus())
            try:
                with self._open_writer() as writer:
                    await self._follow(writer)
            except StoreError as error:
                self._wait_for(str(error))
            except Exception as error:
                log.exception("The search index cannot be written")
                self._wait_for(f"{type(error).__name__}; the server's log has the details")
            await asyncio.sleep(_PAUSE_S)

    async def _follow(self, writer: Writer) -> None:
        """Build the index if need be, then keep it in step. Raises StoreError."""
        place = writer.place or NOTHING
        while True:
            if place == NOTHING:
                place = await self._build(writer)
            place = await self._step(writer, place)
            if place != NOTHING:
                self._follows(place)

    async def _step(self, writer: Writer, place: Place) -> Place:
        """Apply the next changes, or wait for some; return the place then.

        It is `NOTHING` if the feed does not have all that changed.
        """
        try:
            changes, (version, token) = await self._changes.after(FeedPlace(*place))
        except PlaceGone:
            return NOTHING
        ids = _ids(changes)
        if ids is None:
            return NOTHING
        reached = Place(version, token)
        if reached == place:
            await self._change()
            return place
        listed = sorted(ids)
        for start in range(0, len(listed), _BATCH):
            await self._apply(writer, listed[start : start + _BATCH])
        writer.commit(reached)
        return reached

    async def _change(self) -> None:
        """Wait for a change of the corpus, for a second at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY_S):
                self._seen = await self._watch.after(self._seen)

    async def _apply(self, writer: Writer, ids: Sequence[str]) -> None:
        with translated():
            found = await self._items.find({"_id": {"$in": [*ids]}}, PROJECTION).to_list()
        await _replace(writer, found)
        writer.remove({*ids} - {item["_id"] for item in found})

    async def _build(self, writer: Writer) -> Place:
        """Index all items; return the place from which to go on."""
        began = time.monotonic()
        if writer.place not in (None, NOTHING):
            writer.clear()
            writer.commit(NOTHING)  # now, so that nobody goes on reading what it held
        writer.clear()
        version, token = await self._changes.latest()  # before any item is read
        with translated():
            total = await self._items.estimated_document_count()
        log.info("The search index is being built from %d items", total)
        done = 0
        async for items in self._all_items():
            self._tell(FollowerStatus(Activity.BUILDING, done=done, total=max(total, done)))
            await _replace(writer, items)
            done += len(items)
        place = Place(version, token)
        writer.commit(place)
        log.info(
            "The search index was built from %d items in %.1f s", done, time.monotonic() - began
        )
        return place

    async def _all_items(self) -> AsyncIterator[list[Document]]:
        with translated():
            async with self._items.find({}, PROJECTION, batch_size=_BATCH) as cursor:
                while batch := await cursor.to_list(_BATCH):
                    yield batch

    def _tell(self, status: FollowerStatus) -> None:
        if status != self._reported:
            self._report(status)
            self._reported = status

    def _follows(self, place: Place) -> None:
        self._tell(FollowerStatus(Activity.FOLLOWING, place.version))
        if self._problem:
            log.info("The search index is written again")
            self._problem = ""

    def _wait_for(self, problem: str) -> None:
        self._tell(FollowerStatus(Activity.WAITING, problem=problem))
        if problem != self._problem:
            log.warning("The search index waits: %s", problem)
            self._problem = problem


async def _replace(writer: Writer, items: Sequence[Document]) -> None:
    """Index items; what else the loop has to do is done in between, such as to beat."""
    for start in range(0, len(items), _AT_ONCE):
        writer.replace(items[start : start + _AT_ONCE])
        await asyncio.sleep(0)


def _ids(changes: Iterable[Change]) -> set[str] | None:
    """Return the ids of the items that changed; None if any may have."""
    ids: set[str] = set()
    for change in changes:
        if change.items is None:
            return None
        ids |= change.items
    return ids


def _newest(items: AsyncCollection[Document]) -> AsyncCollection[Any]:
    """Return the collection such that what the feed names has been written when it is read.

    The primary has all that a majority has; for a moment after an election it does not know that.
    """
    return lenient(items).with_options(
        read_preference=ReadPreference.PRIMARY, read_concern=ReadConcern("local")
    )
