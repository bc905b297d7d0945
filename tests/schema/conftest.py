"""What the tests of the graph share."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.schema.newsroom import Newsroom


@pytest.fixture(scope="module")
async def _shared_newsroom(mongod: str) -> AsyncIterator[Newsroom]:
    made = Newsroom(mongod, "test_newsroom")
    yield made
    await made.close()


@pytest.fixture
def newsroom(_shared_newsroom: Newsroom) -> Iterator[Newsroom]:
    """An empty newsroom. Its indexes stay: to make them takes longer than most tests."""
    _shared_newsroom.clear()
    yield _shared_newsroom
    _shared_newsroom.commands.noted = []
