"""One real MongoDB for the whole run, and a database of its own for each test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import MongoClient

from loaders.load import Options, load
from store.embedded import embedded_mongod

EXAMPLES = Path(__file__).parents[1] / "examples/content"
EDITOR_TOKEN = "a-token-of-the-server-below-for-tests"  # noqa: S105
NEWSGRAPH = str(Path(sys.executable).with_name("newsgraph"))


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


@pytest.fixture(scope="session")
def content(mongod: str) -> str:
    """The name of a database that holds examples/content: to be read, not written."""
    report = load([str(EXAMPLES)], uri=mongod, database="content", options=Options())
    assert not report.failed
    return "content"


@pytest.fixture(scope="session")
def served(mongod: str, content: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a real `newsgraph serve` on that content.

    Callers are the public, unless they bear EDITOR_TOKEN.
    """
    settings = {
        "NEWSGRAPH_MONGODB_URI": mongod,
        "NEWSGRAPH_DATABASE": content,
        "NEWSGRAPH_AUDIENCE": "public",
        "NEWSGRAPH_EDITOR_TOKENS": EDITOR_TOKEN,
        "NEWSGRAPH_LOG_LEVEL": "warning",  # nobody reads it
    }
    with subprocess.Popen(
        [NEWSGRAPH, "serve", "--port", "0"],
        cwd=tmp_path_factory.mktemp("served"),  # so that it reads no .env
        env=_without_settings() | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        said = ""
        while "answers at http://" not in said:
            said = server.stderr.readline()
            assert said, "it ended before it answered"
        yield said.split()[-1].removesuffix("/graphql")
        server.terminate()


def _without_settings() -> dict[str, str]:
    return {name: os.environ[name] for name in os.environ if not name.startswith("NEWSGRAPH_")}
