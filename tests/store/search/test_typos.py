"""Typos that are forgiven, and searches that are suggested instead (`typos`, `vocabulary`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.audience import Audience
from store.errors import Unavailable
from store.labels import EVERY_ITEM
from store.reading.listing import Conditions, Listing
from store.search.fields import open_index
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.vocabulary import near
from store.search.writer import IndexWriter
from tests.schema.newsroom import item

pytestmark = pytest.mark.anyio

ITEMS = [
    *(item(f"e{number}", title="Election results") for number in range(30)),
    item("a", title="The harbour of Lisbon"),
    item("b", title="Elections in brief"),
    item("c", title="A secretword", published=False),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("typos")
    with IndexWriter(folder) as writer:
        writer.replace(ITEMS)
        writer.commit(Place(1))
    index = SearchIndex(folder)
    yield index
    index.close()


def listing(search: str, audience: Audience = Audience.PUBLIC, *labels: str) -> Listing:
    return Listing(audience, Conditions(search=search, labels=(labels,) if labels else ()))


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("harbuor", 1),  # two swapped
        ("arbour", 1),  # the first is missing
        ("harbours", 1),  # a form, not a typo
        ("hatbour", 1),  # one changed
        ("harrbour", 1),  # one more
        ("electoin results", 30),
        ("hrabuor", 0),  # two edits
        ('"harbuor"', 0),  # in quotes
        ("lisb", 1),  # the beginning of a word
        ("oft", 0),  # too short
        ("harbour electoin", 0),
    ],
)
async def test_one_edit_is_forgiven_where_nothing_is_found(
    index: SearchIndex, search: str, count: int
) -> None:
    assert await index.counts([EVERY_ITEM], listing(search)) == [count]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("electoin", "[Election] results, and more of the [election]; no harbour"),
        ("electoin results", "[Election] [results], and more of the [election]; no harbour"),
        ("harbour resluts", "Election [results], and more of the election; no [harbour]"),
    ],
)
async def test_words_with_their_typos_corrected_are_marked(
    index: SearchIndex, search: str, found: str
) -> None:
    text = "Election results, and more of the election; no harbour"
    ((excerpt,), none) = await index.excerpts(listing(search), [(text, None), ("Inland", None)])
    marked = (f"[{piece}]" if is_match else piece for piece, is_match in excerpt.pieces)
    assert "".join(marked) == found
    assert none == []


async def test_nothing_is_forgiven_where_filters_leave_nothing(index: SearchIndex) -> None:
    empty = listing("harbour", Audience.PUBLIC, "category:none")
    assert await index.counts([EVERY_ITEM], empty) == [0]
    assert await index.facets([EVERY_ITEM], {}) == [{}]


@pytest.mark.parametrize(
    ("search", "better"),
    [
        ("electoin", "election"),
        ("Electoin results", "Election results"),
        ("election", None),
        ("brief", None),
        ("zzzzzz", None),
        ('"electoin"', None),
        ("-electoin", None),
    ],
)
async def test_did_you_mean(index: SearchIndex, search: str, better: str | None) -> None:
    assert await index.did_you_mean(listing(search)) == better


async def test_the_public_gets_no_word_of_an_unpublished_item(index: SearchIndex) -> None:
    typo = "secretwrod"
    assert await index.did_you_mean(listing(typo, Audience.EDITOR)) == "secretword"
    assert await index.did_you_mean(listing(typo)) is None
    assert await index.counts([EVERY_ITEM], listing(typo, Audience.EDITOR)) == [1]
    assert await index.counts([EVERY_ITEM], listing(typo)) == [0]


async def test_words_that_were_unpublished_are_forgotten(
    tmp_path: Path,
) -> None:
    index = SearchIndex(tmp_path)
    with IndexWriter(tmp_path) as writer:
        writer.replace([item("a", title="A secretword"), item("b", title="Harbour")])
        writer.commit(Place(1))
        assert await index.did_you_mean(listing("secretwrod")) == "secretword"
        writer.remove([item("a")["_id"]])
        writer.commit(Place(2))
        assert await index.did_you_mean(listing("secretwrod")) is None
        assert await index.counts([EVERY_ITEM], listing("secretwrod")) == [0]
    index.close()


@pytest.mark.parametrize("word", ["harbour", "гавань", "λιμανι", "port", "c3po"])
def test_a_word_is_found_by_each_edit(tmp_path: Path, word: str) -> None:
    with IndexWriter(tmp_path) as writer:
        writer.replace([item("a", title=word), item("b", title="Something else")])
        writer.commit(Place(1))
    searcher = open_index(tmp_path, Audience.PUBLIC).searcher()
    letter = word[1]
    typos = {word[:at] + word[at + 1 :] for at in range(len(word))}
    typos |= {word[:at] + letter + word[at:] for at in range(len(word) + 1)}
    typos |= {word[:at] + letter + word[at + 1 :] for at in range(len(word))}
    typos |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    for typo in typos - {word}:
        assert near(searcher, typo) == {word: 1}
    assert near(searcher, word) == {}


async def test_an_index_that_does_not_exist_is_unavailable(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    with pytest.raises(Unavailable):
        await index.did_you_mean(listing("electoin"))
    index.close()
