"""Where the words of a search are in a text."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from store.reading.search import Excerpt
from store.search.analysis import NO_LANGUAGE, Token, language_of, terms_of, tokens_of
from store.search.matching import Corrections, Matcher, Phrase

MAX_TEXT: Final = 20_000
"""Characters of a text that are searched."""
MAX_WHOLE: Final = 300
"""Characters of a text that is one excerpt."""
MAX_EXCERPTS: Final = 3
"""Excerpts of a longer text."""
_AROUND: Final = 80  # characters before and after what was found

Span = tuple[int, int]


class Marker(NamedTuple):
    """Finds the words of one search in texts."""

    phrases: Sequence[Phrase]
    prefixes: tuple[str, ...]

    def excerpts(self, text: str, locale: str | None) -> list[Excerpt]:
        """Return the excerpts of a text in which words were found; none if there are none."""
        text = text[:MAX_TEXT]
        spans = self._spans(text, language_of(locale))
        if not spans:
            return []
        if len(text) <= MAX_WHOLE:
            return [_excerpt(text, (0, len(text)), spans)]
        return [_excerpt(text, part, spans) for part in _parts(text, spans)]

    def _spans(self, text: str, language: str) -> list[Span]:
        """Return what was found, in order and apart from each other."""
        tokens = list(tokens_of(text, language))
        found = sorted([*self._phrases_in(tokens), *self._prefixes_in(text, tokens)])
        spans: list[Span] = []
        for start, end in found:
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        return spans

    def _phrases_in(self, tokens: Sequence[Token]) -> Iterator[Span]:
        by_first: dict[str, list[Phrase]] = {}
        opening = []
        for phrase in self.phrases:
            if phrase.is_open and len(phrase.terms) == 1:
                opening.append(phrase.terms[0])
            elif phrase.terms:
                by_first.setdefault(phrase.terms[0], []).append(phrase)
        terms = tuple(token.term for token in tokens)
        for index, token in enumerate(tokens):
            for phrase in by_first.get(token.term, ()):
                end = index + len(phrase.terms)
                if end <= len(terms) and _is(phrase, terms[index:end]):
                    yield token.start, tokens[end - 1].end
            if opening and token.term.startswith(tuple(opening)):
                yield token.start, token.start + 1

    def _prefixes_in(self, text: str, tokens: Sequence[Token]) -> Iterator[Span]:
        if self.prefixes:
            for token in tokens:
                word = terms_of([text[token.start : token.end]], NO_LANGUAGE)
                if word.startswith(self.prefixes):
                    yield token.start, token.end


def marker(matcher: Matcher, search: str, corrections: Corrections) -> Marker:
    """Return what finds a search in texts."""
    clauses = [clause for clause in matcher.wanted(search) if not clause.is_excluded]
    phrases = [phrase for clause in clauses for phrase in matcher.phrases(clause.words)]
    for word in (word for words in corrections.values() for word in words):
        phrases += matcher.phrases((word,))
    prefixes = (terms_of(clause.words, NO_LANGUAGE) for clause in clauses if clause.is_prefix)
    return Marker([*dict.fromkeys(phrases)], tuple(prefixes))


def _is(phrase: Phrase, terms: tuple[str, ...]) -> bool:
    """Return whether as many terms as a phrase has are the phrase."""
    if not phrase.is_open:
        return terms == phrase.terms
    return terms[:-1] == phrase.terms[:-1] and terms[-1].startswith(phrase.terms[-1])


def _parts(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the parts of a long text with the most that was found, in its order."""
    parts: list[tuple[Span, int]] = []
    for start, end in spans:
        if parts and end <= parts[-1][0][1]:
            parts[-1] = parts[-1][0], parts[-1][1] + 1
        else:
            low = max(start - _AROUND, parts[-1][0][1] if parts else 0)
            parts.append(((low, min(end + _AROUND, len(text))), 1))
    best = sorted(parts, key=lambda part: -part[1])[:MAX_EXCERPTS]
    return [_whole_words(text, part) for part, _ in sorted(best)]


def _whole_words(text: str, part: Span) -> Span:
    """Return a part without the words that its ends cut; it still has what was found."""
    start, end = part
    if start > 0 and (space := text.find(" ", start, start + _AROUND)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - _AROUND, end)) >= 0:
        end = space
    return start, end


def _excerpt(text: str, part: Span, spans: Sequence[Span]) -> Excerpt:
    low, high = part
    pieces: list[tuple[str, bool]] = []
    position = low
    for start, end in spans:
        if low <= start and end <= high:
            if start > position:
                pieces.append((text[position:start], False))
            pieces.append((text[start:end], True))
            position = end
    if position < high:
        pieces.append((text[position:high], False))
    return Excerpt(pieces, low == 0, high == len(text))
