"""Suggestions for what is being typed: providers, topics and authors by their names, then items."""

from typing import Final

from tantivy import Occur, Order, Query

from store.reading.search import Suggestion
from store.search.analysis import NO_LANGUAGE, terms_of, words_of
from store.search.fields import id_in, start_of
from store.search.matching import prefix_query
from store.search.snapshots import OpenSnapshot
from store.search.words import MAX_CLAUSES

MAX_NAMES: Final = 5_000
"""Names that begin with a prefix, among which the most frequent are looked for."""


def suggest(snapshot: OpenSnapshot, prefix: str, first: int) -> list[Suggestion]:
    """Return at most `first` suggestions for a text, of which the last word may be incomplete."""
    words = terms_of(words_of(prefix)[:MAX_CLAUSES], NO_LANGUAGE).split()
    if not words or first < 1:
        return []
    named = _named(snapshot, " ".join(words))[:first]
    return [*named, *_titled(snapshot, words, first - len(named))]


def _named(snapshot: OpenSnapshot, text: str) -> list[Suggestion]:
    """Return what has a name in which a word begins with a text; what has most items first."""
    every = Query.term_query(snapshot.index.schema, "labels", "*", "basic")
    starts = snapshot.searcher.terms_with_prefix("starts", text, every, MAX_NAMES)
    items: dict[str, int] = {}
    for term, count in starts:
        id_ = start_of(term)
        items[id_] = max(items.get(id_, 0), count)
    found = [Suggestion(id_, count) for id_, count in items.items()]
    return sorted(found, key=lambda suggestion: (-suggestion.items, suggestion.id))


def _titled(snapshot: OpenSnapshot, words: list[str], first: int) -> list[Suggestion]:
    """Return the newest items that have these words in their titles."""
    if first < 1:
        return []
    schema = snapshot.index.schema
    *whole, last = words
    clauses = [Query.term_query(schema, "title_words", word, "basic") for word in whole]
    clauses.append(prefix_query(schema, "title_words", last))
    query = Query.boolean_query([(Occur.Must, clause) for clause in clauses])
    found = snapshot.searcher.search(
        query, first, count=False, order_by_field="newest", order=Order.Asc
    )
    return [Suggestion(id_in(key), 1) for key, _ in found.hits]
