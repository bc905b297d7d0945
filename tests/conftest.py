"""One real MongoDB for the whole run, and a database for each test."""

import os
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG, create_ssl_context
from httpx._transports import default as transports
from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from store.embedded import embedded_mongod
from tests.command import running

# A shell starts jobs in the background with SIGINT ignored, and the commands under test inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# By default, httpx gives up after 5 s, which a busy machine may need. No test waits for a response
# that does not come.
for _phase in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, _phase, 60)
# It also reads the certificates of all authorities for each client, in 20 ms. No test uses TLS.
transports.create_ssl_context = cache(create_ssl_context)  # type: ignore[attr-defined]

# Most tests search little. Those of the index, which takes a process for each server, say so.
os.environ["NEWSGRAPH_SEARCH"] = "mongodb"

EXAMPLES = Path(__file__).parents[1] / "examples/content"
EDITOR_TOKEN = "a-token-of-the-server-below-for-tests"  # noqa: S105


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """PyMongo's asynchronous API runs on asyncio, and so does everything above it."""
    return "asyncio"


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a `mongod` that this run starts and stops."""
    with embedded_mongod(tmp_path_factory.mktemp("newsgraph")) as uri:
        yield uri


@pytest.fixture(scope="session")
def _administrator(mongod: str) -> Iterator[MongoClient[dict[str, object]]]:
    with MongoClient[dict[str, object]](mongod) as client:
        yield client


@pytest.fixture
def database_name(_administrator: MongoClient[dict[str, object]]) -> Iterator[str]:
    """The name of an empty database, which is dropped after the test."""
    name = f"test_{uuid4().hex[:12]}"
    yield name
    _administrator.drop_database(name)


@pytest.fixture(scope="session")
def content(mongod: str) -> str:
    """The name of a database that holds examples/content. Read it only."""
    report = load([str(EXAMPLES)], uri=mongod, database="content", options=Options())
    assert not report.failed
    return "content"


@pytest.fixture(scope="session")
def served(mongod: str, content: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a real `newsgraph serve` on that content.

    Callers are the public, unless they send EDITOR_TOKEN.
    """
    settings = {
        "MONGODB_URI": mongod,
        "DATABASE": content,
        "AUDIENCE": "public",
        "EDITOR_TOKENS": EDITOR_TOKEN,
        "CORS_ORIGINS": "https://app.example",
        "MEDIA_DIR": str(EXAMPLES / "media"),
        "LOG_LEVEL": "warning",
    }
    with running("serve", cwd=tmp_path_factory.mktemp("served"), **settings) as origin:
        yield origin
