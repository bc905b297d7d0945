"""How far the index of this host lags behind the corpus, as a process knows that serves both."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Protocol

from store.errors import Unavailable
from store.reading.corpus_watch import CorpusVersion
from store.search.folder import SearchFolder
from store.search.status import Activity, FollowerStatus

MAX_LAG_S: Final = 2.0
"""Nothing is read from an index that has lagged behind the corpus for longer than this."""

_MAX_SEEN: Final = 1_000  # versions; so many in two seconds would be a load every 2 ms
_ALWAYS: Final = float("-inf")


class Watched(Protocol):
    """What is asked of the corpus's watch: see `CorpusWatch`."""

    @property
    def current(self) -> CorpusVersion | None: ...
    async def after(self, known: CorpusVersion | None) -> CorpusVersion: ...


class Freshness:
    """Compares versions of the corpus, when they were seen first, with that of the index."""

    def __init__(
        self,
        watch: Watched,
        folder: SearchFolder,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch = watch
        self._status = folder.status
        self._clock = clock
        # The versions of the corpus, and when each was seen first. For how long the corpus has had
        # the first one is not known.
        self._seen: deque[tuple[int, float]] = deque(maxlen=_MAX_SEEN)
        self._began_again = True

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow the corpus's version for the duration of the context; its watch must run."""
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            task.cancel()

    async def _follow(self) -> None:
        known: CorpusVersion | None = None
        while True:
            known = await self._watch.after(known)
            self.note(known.version)

    def note(self, version: int) -> None:
        """Take notice that the corpus has this version from now on."""
        if self._seen and version < self._seen[-1][0]:  # the database was dropped
            self._seen.clear()
            self._began_again = True
        self._seen.append((version, self._clock() if self._seen else _ALWAYS))

    @property
    def status(self) -> FollowerStatus | None:
        """What the follower of this host wrote last; None before it ran."""
        return FollowerStatus.read(self._status)

    def lag_s(self, indexed: int) -> float:
        """Return for how many seconds an index of this corpus version has lagged behind.

        It is infinite if the corpus had another version before this process looked, and if the
        index has a version that the corpus, begun again, does not have yet.
        """
        if not self._seen:
            return float("inf")
        newest, _ = self._seen[-1]
        if indexed > newest:
            # The follower has seen a new version first, or what it has seen was deleted since.
            return float("inf") if self._began_again else 0.0
        self._began_again = False
        if indexed == newest:  # almost always, and each request asks
            return 0.0
        now = self._clock()
        missing = (at for version, at in self._seen if version > indexed)
        return now - next(missing, now)

    def is_current(self, indexed: int) -> bool:
        """Return whether an index of this corpus version is as new as the corpus."""
        if self._watch.current is None or self.lag_s(indexed) > 0:
            return False
        return indexed >= self._seen[-1][0]

    def is_late(self, indexed: int) -> bool:
        """Return whether an index of this corpus version lags behind by over two seconds."""
        return self.lag_s(indexed) > MAX_LAG_S

    def check(self, indexed: int) -> None:
        """Raise Unavailable if an index of this corpus version is late."""
        if self.is_late(indexed):
            raise Unavailable(f"{_described(self.status)}. Lists work meanwhile; try again later.")

    def problem(self) -> str | None:
        """Return why searches are refused, as a sentence; None if they are not."""
        status = self.status
        indexed = -1 if status is None else status.version
        return f"{_described(status)}." if self.is_late(indexed) else None


def _described(status: FollowerStatus | None) -> str:
    if status is None:
        return "The search index does not exist yet"
    if status.activity is Activity.FOLLOWING:
        return "The search index lags behind the corpus"
    return f"The search index {status}"
