"""The words of texts, as the index has them: of documents, queries and excerpts alike.

A word is folded (without case, accents and width), and stemmed as its item's locale says. Chinese,
Japanese, Korean and the scripts of Southeast Asia, which have no spaces between words, are split
into overlapping pairs of characters; a query's characters are then found wherever they stand.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

import Stemmer
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

MAX_WORD: Final = 64
"""Characters of a word; the rest of a longer one is ignored."""
NO_LANGUAGE: Final = ""
"""The language of words that are folded, and not stemmed."""
_MAX_KNOWN: Final = 200_000  # words whose terms are kept in memory, for each language

# ISO 639-1 codes, and the names that Snowball gives the languages.
_LANGUAGES = (
    "ar:arabic hy:armenian eu:basque ca:catalan cs:czech da:danish nl:dutch en:english "
    "eo:esperanto et:estonian fi:finnish fr:french de:german el:greek hi:hindi hu:hungarian "
    "id:indonesian ga:irish it:italian lt:lithuanian ne:nepali no:norwegian nb:norwegian "
    "nn:norwegian fa:persian pl:polish pt:portuguese ro:romanian ru:russian sr:serbian "
    "st:sesotho es:spanish sv:swedish ta:tamil tr:turkish yi:yiddish"
)
_SNOWBALL = dict(pair.split(":") for pair in _LANGUAGES.split())
DEFAULT_LANGUAGE: Final = "en"
"""The language of items without a locale."""

# Scripts without spaces: Thai to Myanmar, Khmer, kana and ideographs, Hangul, and their forms.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff"
)
# Marks that belong to the letter before them, which `\w` does not match: accents, and the points
# and vowels of Hebrew, Arabic and the scripts of India.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_SIGNS = r"(?:\+\+?(?!\w)|#(?!\w))?"  # as in C++ and C#
_LETTERS = rf"[^\W_{_UNSPACED}]+"
_WORD = re.compile(rf"[{_UNSPACED}]+|{_LETTERS}(?:[{_MARKS}]+(?:{_LETTERS})?)*+{_SIGNS}")
_ASCII_WORD = re.compile(rf"[a-zA-Z0-9]+{_SIGNS}")  # the same, and three times as fast
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Characters of half width and of compatibility, each by the one that it stands for.
_FORMS = {
    ord(form): whole
    for form in map(chr, (*range(0xF900, 0xFB00), *range(0xFF66, 0xFFDD)))
    if len(whole := unicodedata.normalize("NFKC", form)) == 1
}


class Token(NamedTuple):
    """A term in a text, and the part of the text that it stands for."""

    term: str
    start: int
    end: int


class _Stem(Protocol):
    def __call__(self, word: str) -> str: ...


def language_of(locale: str | None) -> str:
    """Return the language of a locale such as `en-us`, or of an item without one."""
    return re.split("[-_]", locale.lower(), maxsplit=1)[0] if locale else DEFAULT_LANGUAGE


def words_of(text: str) -> list[str]:
    """Return the words of a text as they stand in it; a run of an unspaced script is one word."""
    return _pattern(text).findall(text)


def terms_of(words: Iterable[str], language: str) -> str:
    """Return the terms of words, stemmed as a language does it, in order and joined by spaces.

    A run of an unspaced script has several. Without a language, words are only folded.
    """
    return " ".join(map(_terms(language).__getitem__, words))


def tokens_of(text: str, language: str) -> Iterator[Token]:
    """Yield the terms of a text and where they are."""
    terms_by_word = _terms(language)
    for match in _pattern(text).finditer(text):
        start, end = match.span()
        terms = terms_by_word[match[0]].split(" ")
        if len(terms) == 1:
            yield Token(terms[0], start, end)
        else:
            # Each pair begins one character further; the last term is the last character.
            for offset, term in enumerate(terms):
                yield Token(term, start + offset, min(start + offset + 2, end))


def is_unspaced(word: str) -> bool:
    """Return whether a word is a run of a script without spaces."""
    return bool(_IS_UNSPACED.fullmatch(word))


def is_stop_word(word: str, language: str) -> bool:
    """Return whether a word is so common in a language that it tells nothing (Snowball's lists)."""
    stop_words = _stop_words(language)
    return stop_words is not None and not stop_words.analyze(_one_case(word))


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


def _one_case(word: str) -> str:
    # Normalizing takes time that grows with the square of a word's length, and makes up to 18
    # characters of one.
    return unicodedata.normalize("NFKC", word[:MAX_WORD]).casefold()[:MAX_WORD]


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    word = unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))
    return "".join(word.split())  # some signs stand for several words


class _Terms(dict[str, str]):
    """The terms of a language's words, as they are asked for."""

    def __init__(self, stem: _Stem | None) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> str:
        terms = self._analysed(word)
        if not is_unspaced(word):  # such a run is a sentence, and hardly comes again
            if len(self) >= _MAX_KNOWN:
                self.clear()
            self[word] = terms
        return terms

    def _analysed(self, word: str) -> str:
        if is_unspaced(word):
            return _pairs(word.translate(_FORMS))
        word = _one_case(word)
        # Stemmers know the accents of their language.
        return _without_accents(word if self._stem is None else self._stem(word))


def _pairs(run: str) -> str:
    """Return each character with the next one, and the last alone, so that any one is a prefix."""
    return " ".join([*map("".join, pairwise(run)), run[-1]])


@lru_cache(maxsize=64)
def _terms(language: str) -> _Terms:
    name = _SNOWBALL.get(language)
    # Without the stemmer's own cache: terms are kept above.
    return _Terms(None if name is None else Stemmer.Stemmer(name, 0).stemWord)


@lru_cache(maxsize=64)
def _stop_words(language: str) -> TextAnalyzer | None:
    if language not in _SNOWBALL:
        return None
    words = Filter.stopword(_SNOWBALL[language])
    try:
        return TextAnalyzerBuilder(Tokenizer.raw()).filter(words).build()
    except ValueError:  # no list of this language is known
        return None
