"""One real MongoDB for the whole run, and a database of its own for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from pymongo import MongoClient

from store.embedded import embedded_mongod


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """PyMongo's asynchronous API, and so everything above it, runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a server that this run starts and stops."""
    with embedded_mongod(tmp_path_factory.mktemp("newsgraph")) as uri:
        yield uri


@pytest.fixture(scope="session")
def _administrator(mongod: str) -> Iterator[MongoClient[dict[str, object]]]:
    with MongoClient[dict[str, object]](mongod) as client:
        yield client


@pytest.fixture
def database_name(_administrator: MongoClient[dict[str, object]]) -> Iterator[str]:
    """A database that is empty, and dropped after the test."""
    name = f"test_{uuid4().hex[:12]}"
    yield name
    _administrator.drop_database(name)
