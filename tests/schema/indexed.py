"""A newsroom with a real search index."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.reading.fresh_search import FreshSearch
from store.reading.store import Store
from store.search.fields import PROJECTION
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.writer import IndexWriter
from tests.schema.newsroom import Newsroom
from tests.schema.stand_in import Fresh


class IndexedNewsroom:
    """Indexes what a newsroom holds, whenever a test says so."""

    def __init__(self, newsroom: Newsroom, writer: IndexWriter) -> None:
        self._newsroom = newsroom
        self.store = newsroom.store
        self._writer = writer
        self._version = 0

    def follow(self) -> None:
        """Index all items anew, as the newest version."""
        self._writer.clear()
        self._writer.replace(self._newsroom.database["items"].find({}, PROJECTION))
        self._version += 1
        self._writer.commit(Place(self._version))


@contextmanager
def searching(
    newsroom: Newsroom, folder: Path, freshness: Fresh | None = None
) -> Iterator[IndexedNewsroom]:
    """Let a newsroom's store search in a new index in a folder for the duration of the block."""
    plain, index = newsroom.store, SearchIndex(folder)
    newsroom.store = Store(newsroom.client, newsroom.client[newsroom.database.name])
    newsroom.store.search_with(FreshSearch(index, freshness or Fresh()))
    try:
        with IndexWriter(folder) as writer:
            made = IndexedNewsroom(newsroom, writer)
            made.follow()
            yield made
    finally:
        index.close()
        newsroom.store = plain
