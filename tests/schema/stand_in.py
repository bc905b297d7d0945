"""A stand-in for a search index: its questions are answered from MongoDB, and can go wrong.

What the real one answers is tested in tests/store/search.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from store.audience import Audience
from store.errors import Unavailable
from store.reading.facets import Count, FacetField, SiteFacet
from store.reading.fresh_search import FreshSearch
from store.reading.listing import Listing
from store.reading.pages import Window
from store.reading.search import Excerpt, Hit, Hits, Snapshot, Suggestion
from store.reading.store import Store
from tests.schema.newsroom import Newsroom


class Fresh:
    """A freshness that the test sets."""

    def __init__(self) -> None:
        self.current = True
        self.too_old = False

    def is_current(self, indexed: int) -> bool:  # noqa: ARG002
        """Return what the test has set."""
        return self.current

    def is_late(self, indexed: int) -> bool:  # noqa: ARG002
        """Return what the test has set."""
        return self.too_old

    def check(self, indexed: int) -> None:  # noqa: ARG002
        """Raise Unavailable if the test says so."""
        if self.too_old:
            raise Unavailable("The search index lags behind the corpus.")


class StandIn:
    """Answers from a store without an index. `asked` has the names of the questions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []
        self.id = "1"
        self.exists = True
        self.extra: list[Hit] = []
        """Hits of items that are not there, or not to be seen, before all others."""
        self.suggestions: list[Suggestion] = []
        self.meant: str | None = None

    def snapshot(self, audience: Audience) -> Snapshot:
        """Return a snapshot whose id the test sets."""
        if not self.exists:
            raise Unavailable("There is no search index yet.")
        return Snapshot(1, f"{audience}{self.id}")

    async def refresh(self) -> None:
        """Look for a newer commit."""

    def answers(self, listing: Listing) -> bool:
        """Return whether the list is none of related items."""
        return listing.parent_field == "labels"

    async def pages(self, parents: Sequence[str], listing: Listing, window: Window) -> list[Hits]:
        """Return pages of ids."""
        self.asked.append("pages")
        items = self._store.readers(listing.audience).items
        key, window = listing.sort_field, replace(window, wants_keys=True)
        pages = await items.pages(parents, listing, window, {"_id": 1})
        return [
            Hits(
                self.extra + [Hit(item["_id"], _at(item, key)) for item in page.documents],
                page.has_previous,
                page.has_next,
            )
            for page in pages
        ]

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Return the numbers of items."""
        self.asked.append("counts")
        return await self._store.readers(listing.audience).items.counts(parents, listing)

    async def facets(
        self, parents: Sequence[str], listings: Mapping[FacetField | SiteFacet, Listing]
    ) -> list[dict[str, list[Count]]]:
        """Return the values of facets."""
        self.asked.append("facets")
        found: list[dict[str, list[Count]]] = [{} for _ in parents]
        for facet, listing in listings.items():
            items = self._store.readers(listing.audience).items
            for counts, more in zip(
                found, await items.facets(parents, listing, [facet]), strict=True
            ):
                counts.update(more)
        return found

    async def did_you_mean(self, listing: Listing) -> str | None:  # noqa: ARG002
        """Return what the test has set."""
        self.asked.append("did_you_mean")
        return self.meant

    async def suggest(self, audience: Audience, prefix: str, first: int) -> list[Suggestion]:  # noqa: ARG002
        """Return what the test has set."""
        self.asked.append("suggest")
        return self.suggestions[:first]

    async def excerpts(
        self, listing: Listing, texts: Sequence[tuple[str, str | None]]
    ) -> list[list[Excerpt]]:
        """Return the first place of the whole search in each text."""
        self.asked.append("excerpts")
        words = listing.conditions.search or ""
        found = []
        for text, _ in texts:
            before, match, after = text.partition(words)
            pieces = [(before, False), (match, True), (after, False)]
            kept = [piece for piece in pieces if piece[0]]
            found.append([Excerpt(kept, starts_text=True, ends_text=True)] if match else [])
        return found


def _at(document: object, path: str) -> str:
    for name in path.split("."):
        document = document[name]  # type: ignore[index]
    assert isinstance(document, str)
    return document


@contextmanager
def indexed(newsroom: Newsroom) -> Iterator[tuple[StandIn, Fresh]]:
    """Give a newsroom's store a stand-in for the duration of the block."""
    plain = newsroom.store
    index, fresh = StandIn(plain), Fresh()
    newsroom.store = Store(newsroom.client, newsroom.client[newsroom.database.name])
    newsroom.store.search_with(FreshSearch(index, fresh))
    try:
        yield index, fresh
    finally:
        newsroom.store = plain
