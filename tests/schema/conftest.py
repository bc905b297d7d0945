"""Fixtures of the graph's tests."""

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
    """An empty newsroom. It keeps its indexes, which take longer to create than most tests."""
    _shared_newsroom.clear()
    yield _shared_newsroom
    _shared_newsroom.commands.noted = []


@pytest.fixture
def forgiving() -> Iterator[None]:
    """Collect what libraries leave behind when work is cancelled. Users ignore the warnings.

    graphql-core leaves coroutines that are never awaited when an error makes other work useless,
    and PyMongo leaves the socket of a cancelled connection attempt.
    """
    yield
    gc.collect()
