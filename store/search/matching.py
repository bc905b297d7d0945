"""The clauses of a search as queries of the index."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tantivy import Occur, Query, Schema

from store.search.analysis import NO_LANGUAGE, is_stop_word, is_unspaced, terms_of
from store.search.words import Clause, clauses_of

MAX_PHRASE: Final = 32
"""Terms of a phrase; the others are ignored."""
MAX_LANGUAGES: Final = 8
"""Languages whose forms of a word are looked for."""

# What a match is worth in the title, in a name, and if it is only the beginning of a word.
_TITLE, _NAMES, _PREFIX, _TYPO = 4.0, 2.0, 0.5, 0.5

Corrections = Mapping[str, Sequence[str]]
"""Words to look for too, by the word that may be a typo."""


class Phrase(NamedTuple):
    """Terms that stand side by side; `is_open` if the last one may go on."""

    terms: tuple[str, ...]
    is_open: bool = False


class Matcher:
    """Makes queries for the languages of an index, of which the first is that of most items."""

    def __init__(self, schema: Schema, languages: Sequence[str]) -> None:
        self._schema = schema
        self._languages = languages[:MAX_LANGUAGES]

    def query(
        self, search: str, corrections: Corrections, *, with_score: bool
    ) -> list[tuple[Occur, Query]]:
        """Return the clauses of a search; together they find what matches all of it.

        A search without words finds nothing.
        """
        clauses = self.wanted(search)
        if not clauses:
            return [(Occur.Must, Query.empty_query())]
        return [
            (
                Occur.MustNot if clause.is_excluded else Occur.Must,
                self._clause(clause, corrections, with_score and not clause.is_excluded),
            )
            for clause in clauses
        ]

    def wanted(self, search: str) -> list[Clause]:
        """Return the clauses that count: without stop words, unless the search is made of them."""
        clauses = clauses_of(search)
        kept = [clause for clause in clauses if not self._is_stop_word(clause)]
        return kept if any(not clause.is_excluded for clause in kept) else list(clauses)

    def phrases(self, words: Sequence[str]) -> list[Phrase]:
        """Return the different forms that words have in the languages, side by side."""
        return list(dict.fromkeys(_phrase(words, language) for language in self._languages))

    def _is_stop_word(self, clause: Clause) -> bool:
        if clause.is_quoted or len(clause.words) > 1:
            return False
        return is_stop_word(clause.words[0], self._languages[0])

    def _clause(self, clause: Clause, corrections: Corrections, with_score: bool) -> Query:
        found = list(self._forms(clause.words, with_score))
        if clause.is_prefix:
            found.append(self._scored(self._prefix("words", clause.words[0]), _PREFIX))
        if not clause.is_quoted and len(clause.words) == 1:
            for word in corrections.get(clause.words[0], ()):
                query = any_of(list(self._forms((word,), with_score)))
                found.append(Query.boost_query(query, _TYPO) if with_score else query)
        return any_of(found)

    def _forms(self, words: Sequence[str], with_score: bool) -> Iterator[Query]:
        for phrase in self.phrases(words):
            yield self._phrase(phrase)
            if with_score and len(phrase.terms) == 1 and not phrase.is_open:
                for field, weight in (("title", _TITLE), ("names", _NAMES)):
                    term = Query.term_query(self._schema, field, phrase.terms[0], "freq")
                    yield Query.boost_query(term, weight)

    def _phrase(self, phrase: Phrase) -> Query:
        terms = phrase.terms
        if not phrase.is_open:
            return (
                Query.term_query(self._schema, "text", terms[0])
                if len(terms) == 1
                else Query.phrase_query(self._schema, "text", list(terms))
            )
        if len(terms) == 1:
            return self._prefix("text", terms[0])
        patterns = [*map(_escaped, terms[:-1]), f"{_escaped(terms[-1])}.*"]
        return Query.regex_phrase_query(self._schema, "text", list(patterns))

    def _prefix(self, field: str, word: str) -> Query:
        return prefix_query(self._schema, field, terms_of([word], NO_LANGUAGE))

    @staticmethod
    def _scored(query: Query, score: float) -> Query:
        return Query.const_score_query(query, score)


def prefix_query(schema: Schema, field: str, prefix: str) -> Query:
    """Return the query for what has a term that begins with a prefix."""
    return Query.regex_query(schema, field, f"{_escaped(prefix)}.*")


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query for what one of several finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _phrase(words: Sequence[str], language: str) -> Phrase:
    """Return the terms of words. A run of an unspaced script may be a part of a longer one."""
    terms = tuple(terms_of(words, language).split())[:MAX_PHRASE]
    if not is_unspaced(words[-1]):
        return Phrase(terms)
    # The last character is a term by itself only where a run ends.
    return Phrase(terms[:-1]) if len(words[-1]) > 1 else Phrase(terms, is_open=True)


def _escaped(term: str) -> str:
    # Not re.escape: the syntax of tantivy refuses to escape what needs none.
    return re.sub(r"[\\.+*?()|\[\]{}^$#&~-]", r"\\\g<0>", term)
