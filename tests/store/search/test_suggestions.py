"""Suggestions for what is being typed."""

from collections.abc import Iterator

import pytest

from store.audience import Audience
from store.reading.search import Suggestion
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.writer import IndexWriter
from tests.schema.newsroom import DAY_ONE, item

pytestmark = pytest.mark.anyio

OLD = item("a", title="The open harbour", topics=["Open Sea", "Ports"], authors=["Ada Moor"])
NEW = item("b", title="Open doors", topics=["Ports"], date=DAY_ONE.replace(year=2027))
HIDDEN = item("c", title="Open secrets", topics=["Open Secrets"], published=False)
SEA, PORTS, ADA = "topic:open-sea", "topic:ports", "author:ada-moor"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("suggestions")
    with IndexWriter(folder) as writer:
        writer.replace([OLD, NEW, HIDDEN])
        writer.commit(Place(1))
    index = SearchIndex(folder)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("op", [SEA, NEW["_id"], OLD["_id"]]),
        ("Open", [SEA, NEW["_id"], OLD["_id"]]),
        ("open s", [SEA]),
        ("open h", [OLD["_id"]]),
        ("harbour op", [OLD["_id"]]),
        ("sea", [SEA]),
        ("p", [PORTS]),
        ("moor", [ADA]),
        ("ada m", [ADA]),
        ("secr", []),
        ("", []),
        ("...", []),
    ],
)
async def test_suggestions(index: SearchIndex, prefix: str, found: list[str]) -> None:
    suggestions = await index.suggest(Audience.PUBLIC, prefix, 10)
    assert [suggestion.id for suggestion in suggestions] == found


async def test_they_count_what_the_audience_sees(index: SearchIndex) -> None:
    assert await index.suggest(Audience.PUBLIC, "port", 5) == [Suggestion(PORTS, 2)]
    editors = await index.suggest(Audience.EDITOR, "secr", 5)
    assert editors == [Suggestion("topic:open-secrets", 1), Suggestion(HIDDEN["_id"], 1)]


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_there_are_no_more_than_wanted(index: SearchIndex, first: int) -> None:
    assert len(await index.suggest(Audience.PUBLIC, "op", first)) == first
