"""One real MongoDB for the whole run, and a database of its own for each test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from pymongo import MongoClient

from api.settings import PREFIX
from loaders.load import load
from loaders.options import Options
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

    Callers are the public, unless they send EDITOR_TOKEN.
    """
    settings = {
        "MONGODB_URI": mongod,
        "DATABASE": content,
        "AUDIENCE": "public",
        "EDITOR_TOKENS": EDITOR_TOKEN,
        "LOG_LEVEL": "warning",
    }
    with running("serve", cwd=tmp_path_factory.mktemp("served"), **settings) as origin:
        yield origin


@contextmanager
def running(*command: str, cwd: Path, **settings: str) -> Iterator[str]:
    """Run `newsgraph serve` or `demo` on a free port, with settings; give its origin.

    `cwd` is where it would look for a .env file and for data.
    """
    with subprocess.Popen(
        [NEWSGRAPH, *command],
        cwd=cwd,
        env=environment(PORT="0", **settings),
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        said = ""
        while "is listening on http://" not in said:
            said = server.stderr.readline()
            assert said, "it ended before it answered"
        # Nobody reads the rest, but it must not fill the pipe.
        Thread(target=server.stderr.read, daemon=True).start()
        try:
            yield said.split()[-1].removesuffix("/graphql")
        finally:
            server.terminate()


def environment(**settings: str) -> dict[str, str]:
    """Give the environment of a command: this one's, but no settings other than these."""
    inherited = {name: os.environ[name] for name in os.environ if not name.startswith(PREFIX)}
    return inherited | {f"{PREFIX}{name}": value for name, value in settings.items()}
