"""The search index of a process: which questions it may answer, and from which commit."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from store.audience import Audience
from store.errors import Unavailable
from store.reading.listing import Listing
from store.reading.search import Search

_LOOK_EVERY_S: Final = 0.2  # a look at a file

log = logging.getLogger("newsgraph.search")


class Freshness(Protocol):
    """How far an index lags behind the corpus: see `store.search.freshness`."""

    def is_current(self, indexed: int) -> bool:
        """Return whether an index of this corpus version is as new as the corpus."""

    def is_late(self, indexed: int) -> bool:
        """Return whether an index of this corpus version lags behind for too long."""

    def check(self, indexed: int) -> None:
        """Raise Unavailable if an index of this corpus version lags behind for too long."""


class FreshSearch:
    """An index and its freshness. MongoDB answers what the index may not."""

    def __init__(self, search: Search, freshness: Freshness) -> None:
        self.search = search
        self._freshness = freshness

    async def for_words(self, audience: Audience) -> Search:
        """Return the index for a search, which may lag for a moment. Raises Unavailable."""
        await self.search.refresh()
        self._freshness.check(self.search.snapshot(audience).version)
        return self.search

    async def for_list(self, listing: Listing) -> Search | None:
        """Return the index for a list, as what to count it with; None if MongoDB has to.

        Without words, that is so unless the index is as new as the corpus. Raises Unavailable.
        """
        if not self.search.answers(listing):
            return None
        if listing.conditions.search is not None:
            return await self.for_words(listing.audience)
        if not self._is_current(listing.audience):
            with suppress(Unavailable):  # without an index, MongoDB counts
                await self.search.refresh()
            if not self._is_current(listing.audience):
                return None
        return self.search

    def edition(self, audience: Audience) -> str:
        """Return what identifies the commit that answers come from; empty if there is none.

        There is none, too, while the index lags behind for too long: what was answered from it
        before, and cached, is too old then.
        """
        try:
            snapshot = self.search.snapshot(audience)
        except Unavailable:
            return ""
        return "" if self._freshness.is_late(snapshot.version) else snapshot.id

    @asynccontextmanager
    async def refreshing(self) -> AsyncIterator[None]:
        """Open new commits for the duration of the context, also while nobody asks.

        Cached responses are those of an edition, so it must not stay old.
        """
        task = asyncio.create_task(self._refresh())
        try:
            yield
        finally:
            task.cancel()

    async def _refresh(self) -> None:
        is_broken = False
        while True:
            try:
                await self.search.refresh()
                is_broken = False
            except Unavailable:
                pass
            except Exception:
                if not is_broken:  # once: the next try is soon
                    log.exception("The search index cannot be opened")
                is_broken = True
            await asyncio.sleep(_LOOK_EVERY_S)

    def _is_current(self, audience: Audience) -> bool:
        try:
            return self._freshness.is_current(self.search.snapshot(audience).version)
        except Unavailable:
            return False
