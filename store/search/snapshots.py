"""The index of an audience as it was committed last, for one process."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Final

from tantivy import Index, Searcher

from store.audience import Audience
from store.errors import Unavailable
from store.reading.search import Snapshot
from store.search.analysis import DEFAULT_LANGUAGE, language_of
from store.search.fields import open_index
from store.search.matching import MAX_LANGUAGES, Matcher
from store.search.writer import read_place

MAX_LOCALES: Final = 1_000
"""Locales of a corpus that are looked at to find its languages."""


class OpenSnapshot:
    """A commit that is open. Later commits do not change it; it can be used in any thread."""

    def __init__(self, index: Index, id_: str) -> None:
        """Open what the index was reloaded to. Raises Unavailable if there is no commit."""
        place = read_place(index)
        if place is None:
            raise Unavailable("The search index is being built; try again in a minute.")
        self.index: Final = index
        self.searcher: Final[Searcher] = index.searcher()
        self.state: Final = Snapshot(place.version, id_)
        self.matcher: Final = Matcher(index.schema, _languages(self.searcher))
        self.corrections: Final[dict[str, Mapping[str, Sequence[str]]]] = {}
        """What is forgiven in searches that find nothing; `store.search.typos` fills it."""


class Snapshots:
    """Opens the newest commit of an audience's index."""

    def __init__(self, folder: Path, audience: Audience) -> None:
        self._folder = folder
        self._audience = audience
        self._meta = folder / audience / "meta.json"
        self._lock = Lock()
        self._seen: tuple[int, int] | None = None
        self._index: Index | None = None
        self._open: OpenSnapshot | None = None

    @property
    def last(self) -> OpenSnapshot:
        """The snapshot that was opened last. Raises Unavailable if none was."""
        if self._open is None:
            raise Unavailable("The search index is being built; try again in a minute.")
        return self._open

    def newest(self) -> OpenSnapshot:
        """Return the newest commit, opening it if it is not. Raises Unavailable."""
        with self._lock:
            return self._newest()

    def _newest(self) -> OpenSnapshot:
        try:
            found = self._meta.stat()
        except FileNotFoundError:
            self._open = self._seen = self._index = None
            return self.last
        # Each commit replaces the file.
        seen = found.st_ino, found.st_mtime_ns
        if seen != self._seen or self._open is None:
            self._reopen()
            self._seen = seen
        return self.last

    def _reopen(self) -> None:
        # An index that was deleted and built again is another one.
        index = self._index or open_index(self._folder, self._audience)
        content = self._meta.read_bytes()
        index.reload()
        self._index = index
        id_ = blake2b(content, digest_size=6).hexdigest()
        if self._open is None or self._open.state.id != id_:
            self._open = OpenSnapshot(index, id_)


def _languages(searcher: Searcher) -> list[str]:
    """Return the languages of the items, that of most items first."""
    counts: dict[str, int] = {}
    for locale, items in searcher.terms_with_prefix("locales", "", limit=MAX_LOCALES):
        language = language_of(locale)
        counts[language] = counts.get(language, 0) + items
    # Those without a locale count as the default.
    default = searcher.num_docs - sum(counts.values())
    counts[DEFAULT_LANGUAGE] = counts.get(DEFAULT_LANGUAGE, 0) + default
    return sorted(counts, key=lambda language: (-counts[language], language))[:MAX_LANGUAGES]
