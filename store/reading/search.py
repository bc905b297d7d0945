"""What an index beside MongoDB answers about lists of items; `store.search` has one.

It finds ids and counts; the documents are read from MongoDB, which is the truth. It is declared
here, where it is used, because an index reads `Listing` and `Window`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from store.audience import Audience
from store.reading.facets import Count, FacetField, SiteFacet
from store.reading.listing import Listing
from store.reading.pages import Window


class Snapshot(NamedTuple):
    """The state of an index that answers come from."""

    version: int
    """The version of the corpus that it holds, or a newer one of which it holds a part."""
    id: str
    """Identifies the commit. Equal questions to one snapshot have equal answers."""


class Hit(NamedTuple):
    """An item of a list, and its sort key there: the key that MongoDB has for stored orders."""

    id: str
    key: str


class Hits(NamedTuple):
    """A window of a list, in the list's order, and whether the list continues at either end.

    An end is looked at only if the window wants it, as in `Window.edges`.
    """

    hits: Sequence[Hit]
    has_previous: bool = False
    has_next: bool = False


class Suggestion(NamedTuple):
    """A way to go on with what is being typed."""

    id: str
    """The id of an item, topic, provider or author."""
    items: int
    """How many items it has; 1 for an item."""


class Excerpt(NamedTuple):
    """A part of a text in which words were found: pieces, in order, and whether each was found.

    The pieces together are the part, without markup or change.
    """

    pieces: Sequence[tuple[str, bool]]
    starts_text: bool
    ends_text: bool


class Search(Protocol):
    """Answers about lists from one index. Each audience has statistics and words of its own.

    All methods raise Unavailable while there is no index, or too many questions wait. `parents` are
    labels, as in `Items`; there is one result for each.
    """

    def snapshot(self, audience: Audience) -> Snapshot:
        """Return the snapshot that is open; for example, for the key of a cached response."""

    async def refresh(self) -> None:
        """Open the newest commit, if there is a newer one: a look at a file if there is none.

        Each question does it first. Call it where cached answers must notice a commit.
        """

    def answers(self, listing: Listing) -> bool:
        """Return whether the index knows such lists. It does not know those of `relatedBy`."""

    async def pages(self, parents: Sequence[str], listing: Listing, window: Window) -> list[Hits]:
        """Return a window of each parent's list, by any order, with or without words.

        In a list by `RELEVANCE`, keys are those of this moment: items found later may move. A key
        that no list can have is an empty range.
        """

    async def counts(self, parents: Sequence[str], listing: Listing) -> list[int]:
        """Return the number of items in each parent's list: exactly."""

    async def facets(
        self, parents: Sequence[str], listings: Mapping[FacetField | SiteFacet, Listing]
    ) -> list[dict[str, list[Count]]]:
        """Return the values of facets by name, as `facet_stages` do: exactly.

        Each facet counts a list of its own, so that one can leave out its own filter. Those of one
        list are counted together.
        """

    async def did_you_mean(self, listing: Listing) -> str | None:
        """Return the listing's search without its probable typos, if that would find more."""

    async def suggest(self, audience: Audience, prefix: str, first: int) -> list[Suggestion]:
        """Return at most `first` items, topics, providers and authors for the words typed so far.

        The last word is the beginning of one. Taxonomies come before items, and what has more
        items before what has fewer.
        """

    async def excerpts(
        self, listing: Listing, texts: Sequence[tuple[str, str | None]]
    ) -> list[list[Excerpt]]:
        """Return where the listing's search was found in texts, each with its item's locale.

        Texts in which nothing was found have none. What a typo was forgiven for counts as found.
        """
