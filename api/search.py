"""The search index of a server: what it answers, and how far it lags behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from api.settings import Settings
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.fresh_search import FreshSearch
from store.reading.store import Store
from store.search.folder import SearchFolder
from store.search.freshness import Freshness


class ServedIndex:
    """Connects a store with the index of this host, which a follower writes."""

    def __init__(self, store: Store, watch: CorpusWatch, folder: SearchFolder) -> None:
        # Only here, as it takes 15 MB: servers that search with MongoDB do without.
        from store.search.index import SearchIndex

        self.freshness = Freshness(watch, folder)
        self._index = SearchIndex(folder.index)
        self._search = FreshSearch(self._index, self.freshness)
        store.search_with(self._search)

    @classmethod
    def of(cls, settings: Settings, store: Store, watch: CorpusWatch) -> Self:
        """Return the index for the settings' database."""
        return cls(store, watch, SearchFolder.of(settings.data_dir, settings.database))

    def edition(self, audience: Audience) -> str:
        """Return what identifies the state of the index for an audience; empty if there is none."""
        return self._search.edition(audience)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow the index and the corpus for the duration of the context; its watch must run."""
        try:
            async with self.freshness.following(), self._search.refreshing():
                yield
        finally:
            self._index.close()
