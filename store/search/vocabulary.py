"""The words of an index, among which typos are corrected."""

import time
from collections import defaultdict
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Searcher

from store.search.analysis import is_unspaced

MIN_LENGTH: Final = 4
"""Characters of a word that may have a typo: of a shorter one, any word is an edit away."""
MAX_VOCABULARY: Final = 500_000
"""Words of an index that are known."""
_KEEP_S: Final = 300.0  # reading the words of a large corpus takes a tenth of a second


class Vocabulary:
    """The words of an index and how many items have them; up to five minutes old."""

    def __init__(self) -> None:
        self._by_length: dict[int, dict[str, int]] = {}
        self._read_at: float | None = None

    def near(self, searcher: Searcher, word: str) -> dict[str, int]:
        """Return the words one edit away from a folded word, and how many items have them.

        An edit adds, drops or changes a character, or swaps two.
        """
        if self._read_at is None or time.monotonic() - self._read_at > _KEEP_S:
            self._read(searcher)
        found = {}
        for length in (len(word) - 1, len(word), len(word) + 1):
            words = self._by_length.get(length, {})
            for near, distance, _ in process.extract_iter(
                word, words.keys(), scorer=OSA.distance, processor=None, score_cutoff=1
            ):
                if distance == 1:
                    found[near] = words[near]
        return found

    def _read(self, searcher: Searcher) -> None:
        by_length: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for word, items in searcher.terms_with_prefix("words", "", limit=MAX_VOCABULARY):
            if len(word) >= MIN_LENGTH - 1 and not is_unspaced(word):
                by_length[len(word)][word] = items
        self._by_length = by_length
        self._read_at = time.monotonic()
