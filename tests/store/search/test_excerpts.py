"""Where the words of a search are in texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tantivy import Index

from store.search.excerpts import MAX_EXCERPTS, MAX_TEXT, Marker, marker
from store.search.fields import schema
from store.search.matching import Matcher

MATCHER = Matcher(Index(schema()).schema, ["en", "de", "ja"])


def mark(search: str) -> Marker:
    return marker(MATCHER, search, {})


def marked(search: str, text: str, locale: str | None = None) -> list[str]:
    return [
        "".join(f"[{piece}]" if found else piece for piece, found in excerpt.pieces)
        for excerpt in mark(search).excerpts(text, locale)
    ]


@pytest.mark.parametrize(
    ("search", "text", "locale", "found"),
    [
        ("running libraries", "The library runs.", None, "The [library] [runs]."),
        ("harb", "Two HARBOURS", None, "Two [HARBOURS]"),
        ('"open sea"', "Open, sea; sea open", None, "[Open, sea]; sea open"),
        ("haus", "Häuser", "de", "[Häuser]"),
        ("-not this", "not this", None, "not [this]"),
        ("the tide", "The tide", None, "The [tide]"),
        ("京タワ", "東京タワーへ", "ja", "東[京タワ]ーへ"),
        ("東", "大東京", "ja", "大[東]京"),
        ("node.js", "use Node.js", None, "use [Node.js]"),
    ],
)
def test_what_was_found_is_marked(search: str, text: str, locale: str | None, found: str) -> None:
    assert marked(search, text, locale) == [found]


def test_a_text_without_the_words_has_no_excerpts() -> None:
    assert marked("tide", "nothing") == []
    assert marked("tide", "") == []


def test_a_long_text_has_the_parts_with_most_words() -> None:
    filler = "lorem ipsum dolor " * 40
    text = filler.join(["one tide ", "tide and tide ", "tide ", "a tide, a tide, a tide "]) + filler
    found = marked("tide", text)
    assert len(found) == MAX_EXCERPTS
    assert ["[tide] and [tide]" in part for part in found] == [False, True, False]
    assert found[2].count("[tide]") == 3
    assert all(len(part) < 300 for part in found)
    assert all(part.strip("[").startswith(("one", "lorem", "ipsum", "dolor")) for part in found)


@given(
    st.text("ab 東京é.\u0301", max_size=700), st.sampled_from(["ab", "a b", "東", "東京", '"a b"'])
)
def test_pieces_are_parts_of_the_text(text: str, search: str) -> None:
    for excerpt in mark(search).excerpts(text, "en"):
        whole = "".join(piece for piece, _ in excerpt.pieces)
        assert whole in text
        assert all(piece for piece, _ in excerpt.pieces)
        assert any(found for _, found in excerpt.pieces)
        assert text.startswith(whole) or not excerpt.starts_text
        assert text.endswith(whole) or not excerpt.ends_text


@pytest.mark.parametrize("text", ["tide " * MAX_TEXT, "東" * MAX_TEXT, "a" * MAX_TEXT])
def test_long_texts_take_bounded_time(text: str) -> None:
    started = time.process_time()
    mark("tide a 東 東東").excerpts(text, None)
    mark(" ".join(f'"tide {"tide " * number}"' for number in range(32))).excerpts(text, None)
    assert time.process_time() - started < 5
