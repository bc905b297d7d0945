"""Searches of any text as queries of the index (`matching`, `words`)."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.audience import Audience
from store.search.interface import Place
from store.search.snapshots import OpenSnapshot, Snapshots
from store.search.suggestions import suggest
from store.search.typos import count_of, did_you_mean, forgiven
from store.search.words import MAX_CLAUSES, clauses_of
from store.search.writer import IndexWriter
from tests.schema.newsroom import item

ANY_TEXT = st.text(max_size=30) | st.text(
    "ab+#½ﷺ東ｶ-\"\\.*?[](){}|^$&~<>@/:'\u0301 \x00\ud800", max_size=20
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> OpenSnapshot:
    folder: Path = tmp_path_factory.mktemp("matching")
    with IndexWriter(folder) as writer:
        writer.replace([item("a", title="Use 東京 and C++, ½ of ab"), item("b", title="abba")])
        writer.commit(Place(1))
    return Snapshots(folder, Audience.PUBLIC).newest()


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_is_a_search(snapshot: OpenSnapshot, text: str) -> None:
    assert 0 <= count_of(snapshot, text) <= 2
    forgiven(snapshot, text)
    did_you_mean(snapshot, text)
    suggest(snapshot, text, 5)
    scored = snapshot.matcher.query(text, {}, with_score=True)
    assert len(scored) <= MAX_CLAUSES


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ('"use 東"', 1),
        ('"use 東京"', 1),
        ('"use 京"', 0),
        ('"東京 and c++"', 1),
        ("ab", 2),
        ('"ab"', 1),
        ("½", 1),
        ("use nothing", 0),
        ("a" * 100, 0),
    ],
)
def test_what_matches(snapshot: OpenSnapshot, search: str, count: int) -> None:
    assert count_of(snapshot, search) == count


def test_the_clauses_of_a_search() -> None:
    clauses = clauses_of('one -two "three four" -"five six" node.js sev')
    assert [clause.words for clause in clauses] == [
        *(("one",), ("two",), ("three", "four"), ("five", "six"), ("node", "js"), ("sev",))
    ]
    assert [clause.is_excluded for clause in clauses] == [False, True, False, True, False, False]
    assert [clause.is_quoted for clause in clauses] == [False, False, True, True, False, False]
    assert [clause.is_prefix for clause in clauses] == [False] * 5 + [True]
    assert len(clauses_of("word " * 100)) == MAX_CLAUSES
    assert clauses_of("- \" ' ...") == ()
