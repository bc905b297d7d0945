"""What a search asks for: words, phrases in quotes, and what must not occur."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from store.search.analysis import is_unspaced, words_of

MAX_CLAUSES: Final = 32
"""Words and phrases of a search; the others are ignored."""
MIN_PREFIX: Final = 2
"""Characters of a last word that may be the beginning of one."""

_QUOTES = str.maketrans(dict.fromkeys("“”„«»″＂", '"'))  # noqa: RUF001 - what people type
_CLAUSE = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


class Clause(NamedTuple):
    """A word or phrase; a word such as `node.js`, which holds several, is a phrase."""

    words: tuple[str, ...]
    """The words as they are written; at least one."""
    is_excluded: bool = False
    is_quoted: bool = False
    is_prefix: bool = False
    """Whether the only word may also be the beginning of one."""


@lru_cache(maxsize=1_000)
def clauses_of(search: str) -> tuple[Clause, ...]:
    """Return the clauses of a search; none if it has no words. Any text is a search."""
    found = []
    text = search.translate(_QUOTES).strip()
    for match in _CLAUSE.finditer(text):
        minus, quoted, bare = match.groups()
        words = tuple(words_of(bare if quoted is None else quoted))
        if words:
            is_last = quoted is None and not minus and match.end() == len(text)
            clause = Clause(words, bool(minus), quoted is not None)
            found.append(clause._replace(is_prefix=is_last and _is_prefix(words)))
    return tuple(found[:MAX_CLAUSES])


def _is_prefix(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and len(words[0]) >= MIN_PREFIX and not is_unspaced(words[0])
