"""What the tests of the graph share."""

import gc
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


@pytest.fixture
def forgiving() -> Iterator[None]:
    """Collect what others leave behind where work was given up. Its users ignore the warnings.

    graphql-core leaves coroutines that are never awaited where an error makes other work useless,
    and PyMongo the socket of a connection attempt that is cancelled.
    """
    yield
    gc.collect()
