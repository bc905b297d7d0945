"""The words of texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.analysis import (
    NO_LANGUAGE,
    is_stop_word,
    is_unspaced,
    language_of,
    terms_of,
    tokens_of,
    words_of,
)

TEXTS = st.text(max_size=60) | st.text("aé\u0301ßİ東京ｶﾞ語ーกัक्ش_+#' .ﷺ½", max_size=30)


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("The libraries, running!", "en", "the librari run"),
        ("Häuser und Straßen", "de", "haus und strass"),
        ("HÄUSER", "en", "hauser"),
        ("l'économie", "fr", "l econom"),
        ("cafe\u0301 café CAFE", "pt", "caf caf caf"),
        ("C++, C# and F#; C+1 #ai", "en", "c++ c# and f# c 1 ai"),
        ("snake_case node.js COVID-19", "", "snake case node js covid 19"),
        ("東京タワー", "ja", "東京 京タ タワ ワー ー"),
        ("\uff21\uff29 ｶﾀ 2026年", "ja", "ai カタ タ 2026 年"),
        ("한국어", "ko", "한국 국어 어"),
        ("สวัสดี", "th", "สว วั ัส สด ดี ี"),
        ("नमस्ते दुनिया", "", "नमस्ते दुनिया"),
        ("... \u2013 😀", "en", ""),
    ],
)
def test_terms(text: str, language: str, terms: str) -> None:
    assert terms_of(words_of(text), language) == terms


@given(TEXTS, st.sampled_from(["en", "de", "ja", NO_LANGUAGE]))
def test_tokens_are_the_terms_with_their_places(text: str, language: str) -> None:
    tokens = list(tokens_of(text, language))
    assert " ".join(token.term for token in tokens) == terms_of(words_of(text), language)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted({token.start for token in tokens})


@given(TEXTS)
def test_ascii_text_has_the_same_words_as_any_other(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert words_of(ascii_only) == words_of(ascii_only + " é")[:-1]


@given(TEXTS)
def test_a_term_has_no_space_and_is_not_empty(text: str) -> None:
    for word in words_of(text):
        terms = terms_of([word], NO_LANGUAGE)
        assert terms
        assert all(terms.split(" "))
        assert len(terms.split()) == (len(word) if is_unspaced(word) else 1)


def test_stop_words_are_those_of_the_language() -> None:
    assert is_stop_word("The", "en")
    assert is_stop_word("der", "de")
    assert not is_stop_word("der", "en")
    assert not is_stop_word("time", "en")
    assert not is_stop_word("the", "ja")
    assert not is_stop_word("the", "cs")  # no list of this language is known


def test_the_language_of_a_locale() -> None:
    assert [language_of(locale) for locale in ("en-us", "DE_at", "ja", None, "")] == [
        *("en", "de", "ja", "en", "en")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\u0301" * 200_000,
        "a" + "\u0315\u0300" * 100_000,
        "\u0e38\u0e48" * 100_000,
        "a" * 200_000,
        "a+" * 100_000,
        "a\u0315_" * 70_000,
    ],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    started = time.process_time()
    terms_of(words_of(text), "en")
    assert time.process_time() - started < 5  # quadratic: minutes
