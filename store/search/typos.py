"""Forgiving typos: where a search finds nothing, words that differ by one edit are looked for."""

from typing import Final

from tantivy import Query

from store.search.analysis import NO_LANGUAGE, is_unspaced, terms_of
from store.search.conditions import with_some
from store.search.matching import Corrections
from store.search.snapshots import OpenSnapshot
from store.search.vocabulary import MIN_LENGTH, near

MAX_CORRECTIONS: Final = 8
"""Words that are looked for in place of one: those that most items have."""
MAX_KEPT: Final = 1_000
"""Searches of a snapshot whose corrections are kept."""


def forgiven(snapshot: OpenSnapshot, search: str) -> Corrections:
    """Return what to look for too; nothing if the search by itself finds something."""
    known = snapshot.corrections.get(search)
    if known is None:
        if len(snapshot.corrections) >= MAX_KEPT:
            snapshot.corrections.clear()
        known = {} if finds(snapshot, search) else _corrections(snapshot, search)
        snapshot.corrections[search] = known
    return known


def did_you_mean(snapshot: OpenSnapshot, search: str) -> str | None:
    """Return a search with its words corrected that are not found, or hardly; None if none is.

    Of the words one edit away, it has the one that most items have, if these are ten times as many.
    """
    text = search
    for clause in snapshot.matcher.wanted(search):
        word = clause.words[0]
        if clause.is_excluded or clause.is_quoted or len(clause.words) > 1:
            continue
        found = _count(snapshot, word)
        better = _near(snapshot, word)
        if better and better[0][1] >= 10 * found and (found == 0 or better[0][1] > 10):
            text = _replaced(text, word, better[0][0])
    if text == search or count_of(snapshot, text) <= count_of(snapshot, search):
        return None
    return text


def finds(snapshot: OpenSnapshot, search: str) -> bool:
    """Return whether a search finds any item."""
    return bool(snapshot.searcher.search(_query(snapshot, search), 1, count=False).hits)


def count_of(snapshot: OpenSnapshot, search: str) -> int:
    """Return how many items a search finds."""
    found = snapshot.searcher.search(_query(snapshot, search), 1, count=True)
    return int(found.count)  # type: ignore[attr-defined]


def _query(snapshot: OpenSnapshot, search: str) -> Query:
    clauses = snapshot.matcher.query(search, {}, with_score=False)
    return Query.boolean_query(with_some(snapshot.index.schema, clauses))


def _corrections(snapshot: OpenSnapshot, search: str) -> Corrections:
    found = {}
    for clause in snapshot.matcher.wanted(search):
        word = clause.words[0]
        if clause.is_excluded or clause.is_quoted or len(clause.words) > 1:
            continue
        if corrections := _near(snapshot, word):
            found[word] = [one for one, _ in corrections[:MAX_CORRECTIONS]]
    return found


def _near(snapshot: OpenSnapshot, word: str) -> list[tuple[str, int]]:
    """Return the words one edit away, that of most items first."""
    folded = terms_of([word], NO_LANGUAGE)
    if len(folded) < MIN_LENGTH or is_unspaced(word):
        return []
    found = near(snapshot.searcher, folded)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _count(snapshot: OpenSnapshot, word: str) -> int:
    """Return how many items have a word in any of its forms."""
    quoted = f'"{word}"'
    return count_of(snapshot, quoted)


def _replaced(text: str, word: str, by: str) -> str:
    """Return a search with a word replaced; its case is kept if only its first letter has one."""
    return text.replace(word, by.capitalize() if word.istitle() else by, 1)
