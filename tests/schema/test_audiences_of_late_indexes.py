"""What the public learns of items that were unpublished, from an index that still has them.

The follower is killed, or lags. `test_audiences` has the corpora and the questions.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from store.audience import Audience
from store.schedule import State, Status, with_state
from tests.schema.indexed import IndexedNewsroom, searching
from tests.schema.newsroom import Newsroom, item
from tests.schema.stand_in import Fresh
from tests.schema.test_audiences import MARK, Corpus, corpora, examples, innocent, questions, told

pytestmark = pytest.mark.anyio

__all__ = ["innocent"]  # a fixture

COUNTED = ("facets", "totalCount", "didYouMean")
"""What an index tells without MongoDB, and which may be two seconds old."""
SECRET = item(
    "i0",
    title=f"{MARK} tide",
    body=f"The {MARK} tide",
    tags=[f"{MARK} tide"],
    topics=[f"{MARK} topic"],
    authors=[f"{MARK} hand"],
    provider=f"{MARK}.example",
    category=f"{MARK} tide",
    path=f"{MARK}.md",
)
CORPUS = Corpus([with_state(SECRET, State(Status.EXPIRED)), item("i1", title="The tide")], [])


@pytest.fixture
def freshness() -> Fresh:
    return Fresh()


@pytest.fixture
def index(newsroom: Newsroom, tmp_path: Path, freshness: Fresh) -> Iterator[IndexedNewsroom]:
    with searching(newsroom, tmp_path / "late", freshness) as index:
        yield index


@pytest.fixture
def empty(innocent: Newsroom, tmp_path: Path, freshness: Fresh) -> Iterator[IndexedNewsroom]:
    with searching(innocent, tmp_path / "empty", freshness) as index:
        yield index


async def unpublish(
    newsroom: Newsroom, index: IndexedNewsroom, freshness: Fresh, corpus: Corpus
) -> None:
    """Index a corpus as if all of it were published, then take back in MongoDB what is not."""
    freshness.current, freshness.too_old = True, False
    published = [with_state(item, State(Status.PUBLISHED)) for item in corpus.items]
    Corpus(published, corpus.definitions).stored_in(newsroom)
    index.follow()
    count = f'{{ items(filter: {{ search: "{MARK}" }}) {{ totalCount }} }}'
    found = (await newsroom.ask(count))["items"]["totalCount"]
    assert found >= any(MARK in item["title"] for item in corpus.items)
    corpus.stored_in(newsroom)


async def tells_nothing(
    newsroom: Newsroom,
    innocent: Newsroom,
    index: IndexedNewsroom,
    freshness: Fresh,
    corpus: Corpus,
) -> None:
    """Ask everything of a late index, and of one whose corpus never had what is unpublished."""
    await unpublish(newsroom, index, freshness, corpus)
    corpus.published().stored_in(innocent)
    freshness.current, freshness.too_old = False, True
    for query, variables in questions(corpus):
        answer = await told(newsroom, query, variables, Audience.PUBLIC)
        assert MARK not in answer, (query, variables, answer)
        assert answer == await told(innocent, query, variables, Audience.PUBLIC), variables


@pytest.mark.usefixtures("empty")
async def test_a_late_index_tells_nothing_of_what_was_unpublished(
    newsroom: Newsroom, innocent: Newsroom, index: IndexedNewsroom, freshness: Fresh
) -> None:
    await tells_nothing(newsroom, innocent, index, freshness, CORPUS)


@pytest.mark.slow
@pytest.mark.usefixtures("empty")
@examples(10)
@given(corpus=corpora())
async def test_late_indexes_of_many_corpora_tell_nothing_of_what_was_unpublished(
    newsroom: Newsroom,
    innocent: Newsroom,
    index: IndexedNewsroom,
    freshness: Fresh,
    corpus: Corpus,
) -> None:
    await tells_nothing(newsroom, innocent, index, freshness, corpus)


async def test_an_index_that_lags_for_a_moment_shows_no_text_of_what_was_unpublished(
    newsroom: Newsroom, index: IndexedNewsroom, freshness: Fresh
) -> None:
    await unpublish(newsroom, index, freshness, CORPUS)
    freshness.current = False
    for query, variables in questions(CORPUS):
        answer = await told(newsroom, query, variables, Audience.PUBLIC)
        shown = [_without_counted(json.loads(line)) for line in answer.splitlines()]
        assert MARK not in json.dumps(shown), (query, variables, answer)


def _without_counted(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {k: _without_counted(value) for k, value in answer.items() if k not in COUNTED}
    return [*map(_without_counted, answer)] if isinstance(answer, list) else answer
