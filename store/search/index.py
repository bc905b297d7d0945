"""The search index of a host, as queries ask it: `store.reading.search.Search`."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from store.audience import Audience
from store.errors import Unavailable
from store.reading.facets import Count, FacetField, SiteFacet
from store.reading.listing import Listing
from store.reading.pages import Window
from store.reading.search import Excerpt, Hits, Snapshot, Suggestion
from store.search import counting, lists, suggestions, typos
from store.search.excerpts import Marker, marker
from store.search.snapshots import OpenSnapshot, Snapshots

MAX_THREADS: Final = 2
"""Threads of a process that search; more than the cores have would only wait for each other."""
MAX_WAITING: Final = 1_000
"""Questions that wait for a thread."""

Subject = TypeVar("Subject")
Result = TypeVar("Result")


class SearchIndex:
    """Implements `Search` with the index in a folder. Its methods are for one event loop."""

    def __init__(self, folder: Path) -> None:
        self._snapshots = {audience: Snapshots(folder, audience) for audience in Audience}
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="search")
        self._waiting = 0

    def close(self) -> None:
        """Answer no more questions; those that run still end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def snapshot(self, audience: Audience) -> Snapshot:
        """Return the snapshot that is open."""
        return self._snapshots[audience].last.state

    async def refresh(self) -> None:
        """Open the newest commit, if there is a newer one."""
        await self._run(lambda: [snapshots.newest() for snapshots in self._snapshots.values()])

    def answers(self, listing: Listing) -> bool:
        """Return whether the index knows such lists."""
        return listing.parent_field == "labels"

    async def pages(self, parents: Sequence[str], listing: Listing, window: Window) -> list[Hits]:
        """Return a window of each parent's list."""
        return await self._each(
            parents,
            listing.audience,
            lambda snapshot, parent: lists.page(snapshot, listing, parent, window),
        )

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Return the number of items in each parent's list."""
        return await self._each(
            parents,
            listing.audience,
            lambda snapshot, parent: lists.count(snapshot, listing, parent),
        )

    async def facets(
        self, parents: Sequence[str], listings: Mapping[FacetField | SiteFacet, Listing]
    ) -> list[dict[str, list[Count]]]:
        """Return the values of facets by name."""
        if not listings:
            return [{} for _ in parents]
        audience = next(iter(listings.values())).audience
        return await self._each(
            parents,
            audience,
            lambda snapshot, parent: counting.facets(snapshot, listings, parent),
        )

    async def did_you_mean(self, listing: Listing) -> str | None:
        """Return the listing's search without its probable typos, if that would find more."""
        search = listing.conditions.search
        if search is None:
            return None
        return await self._ask(listing.audience, partial(typos.did_you_mean, search=search))

    async def suggest(self, audience: Audience, prefix: str, first: int) -> list[Suggestion]:
        """Return at most `first` items, topics, providers and authors for the words so far."""
        return await self._ask(audience, partial(suggestions.suggest, prefix=prefix, first=first))

    async def excerpts(
        self, listing: Listing, texts: Sequence[tuple[str, str | None]]
    ) -> list[list[Excerpt]]:
        """Return where the listing's search was found in texts, each with its item's locale."""
        search = listing.conditions.search
        if search is None:
            return [[] for _ in texts]

        @cache
        def mark(snapshot: OpenSnapshot) -> Marker:
            return marker(snapshot.matcher, search, typos.forgiven(snapshot, search))

        return await self._each(
            texts, listing.audience, lambda snapshot, text: mark(snapshot).excerpts(*text)
        )

    async def _ask(self, audience: Audience, ask: Callable[[OpenSnapshot], Result]) -> Result:
        (result,) = await self._each([""], audience, lambda snapshot, _: ask(snapshot))
        return result

    async def _each(
        self,
        subjects: Sequence[Subject],
        audience: Audience,
        ask: Callable[[OpenSnapshot, Subject], Result],
    ) -> list[Result]:
        """Ask about each subject, of one snapshot and in one thread; stop if nobody waits."""
        snapshots, stopped = self._snapshots[audience], Event()

        def run() -> list[Result]:
            snapshot = snapshots.newest()
            results = []
            for subject in subjects:
                if stopped.is_set():
                    break
                results.append(ask(snapshot, subject))
            return results

        try:
            return await self._run(run)
        except asyncio.CancelledError:
            stopped.set()
            raise

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many searches at once; try again in a few seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
