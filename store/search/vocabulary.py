"""The words of an index, among which typos are corrected.

Reading all of them takes a tenth of a second in a large corpus, so only those are read that begin
with the same two letters. Where one of these is the typo, the rest of the word is right: then there
are so few words that it may be that each is looked up.
"""

from collections.abc import Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Searcher

MIN_LENGTH: Final = 4
"""Characters of a word that may have a typo: of a shorter one, any word is an edit away."""
_KEPT: Final = 2  # first letters that are taken to be right
_BLOCK: Final = 128  # characters of an alphabet have code points near each other
_FIELD: Final = "words"


def near(searcher: Searcher, word: str) -> dict[str, int]:
    """Return the words one edit away from a folded word, and how many items have them.

    The word has at least MIN_LENGTH characters. An edit adds, drops or changes a character, or
    swaps two.
    """
    alike = dict(searcher.terms_with_prefix(_FIELD, word[:_KEPT]))
    found = {
        one: alike[one]
        for one, distance, _ in process.extract_iter(
            word, alike.keys(), scorer=OSA.distance, processor=None, score_cutoff=1
        )
        if distance == 1
    }
    for one in {*_with_another_beginning(word)} - {word}:
        if items := searcher.doc_freq(_FIELD, one):
            found[one] = items
    return found


def _with_another_beginning(word: str) -> Iterator[str]:
    """Yield the words one edit away whose first letters differ."""
    letters = _alphabet(word)
    for at in range(_KEPT):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]


def _alphabet(word: str) -> set[str]:
    """Return the letters and digits that are near those of a word, at most 640."""
    blocks = {ord(letter) // _BLOCK * _BLOCK for letter in word[: _KEPT + 3]}
    near = (chr(code) for block in blocks for code in range(block, block + _BLOCK))
    return {letter for letter in near if letter.isalnum() and letter == letter.casefold()}
