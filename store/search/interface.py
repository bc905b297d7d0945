"""What the follower of the corpus's changes needs of the index. What queries need: `Search`.

`store.reading.search` declares `Search`: it is used there.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, Self

from store.documents import Document


class Place(NamedTuple):
    """How far an index has followed the changes of the corpus; it is part of each commit."""

    version: int
    """The version of the corpus that the index holds."""
    note: str = ""
    """What else the follower needs to go on from there; at most 10,000 characters."""


class Writer(Protocol):
    """Writes the index in one folder; the only one to do so, in one thread.

    Replacing and removing can be repeated: the result is the same. Nothing is seen, or survives a
    kill, before `commit`. There is an index for each audience; after a kill between their commits,
    `place` is the older of their places, so what follows it is done again.
    """

    @property
    def place(self) -> Place | None:
        """The place of the last commit; None if nothing was ever committed."""

    def replace(self, items: Iterable[Document]) -> None:
        """Index items, each in place of the one that had its id.

        They need the fields of `store.search.fields.PROJECTION`. One that cannot be indexed, as it
        is damaged, is left out, and logged.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Take the items with these ids out of the index."""

    def clear(self) -> None:
        """Take everything out of the index, and forget the place: the next commit begins anew."""

    def commit(self, place: Place) -> None:
        """Make everything so far visible, and safe from a kill, together with the place."""

    def close(self) -> None:
        """Forget what was not committed, and let another writer have the folder."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
