"""A small schema served by the real application, and the `newsgraph` command."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import httpx
import pytest
import strawberry
from starlette.applications import Starlette

from api.app import create_app_for_schema
from api.settings import Settings
from schema.errors import bad_input
from schema.execution.budget import WorkBudget
from schema.limits.guard import CheckedQuery
from schema.limits.guarded_schema import GuardedSchema
from schema.limits.limits import Limits
from store.audience import Audience
from store.errors import Unavailable
from store.reading.store import CorpusState
from tests.api.servers import Server, Start, lines_before, log_of
from tests.command import NEWSGRAPH, origin_of

AppFactory = Callable[..., Starlette]
ClientFactory = Callable[..., httpx.AsyncClient]
COMMAND = [NEWSGRAPH]
UNREACHABLE = "mongodb://127.0.0.1:9"


@dataclass
class Context:
    """What the resolvers below are given."""

    audience: str
    calls: list[str]
    held: asyncio.Event
    checked_query: CheckedQuery | None = None
    work: WorkBudget | None = None


Info = strawberry.Info[Context, None]


@strawberry.type
class Query:
    """One field for each way in which a field can end."""

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        """Succeed."""
        return f"Hello, {name}!"

    @strawberry.field
    def audience(self, info: Info) -> str:
        """Return the audience of the caller."""
        return info.context.audience

    @strawberry.field
    def count(self, info: Info) -> int:
        """Return how often this field was resolved."""
        info.context.calls.append("count")
        return len(info.context.calls)

    @strawberry.field
    def long(self, size: int = 5000) -> str:
        """Return a long text."""
        return "news " * (size // 5)

    @strawberry.field
    def refused(self) -> str | None:
        """Refuse the caller's argument."""
        raise bad_input("first must not be negative.")

    @strawberry.field
    def broken(self) -> str | None:
        """Raise an error whose message must stay secret."""
        raise ValueError("password=hunter2")

    @strawberry.field
    def down(self) -> str | None:
        """Fail as if MongoDB were down."""
        raise Unavailable("MongoDB does not answer; try again in a few seconds.")

    @strawberry.field
    def required_down(self) -> str:
        """Fail as if MongoDB were down, in a field that cannot be null."""
        raise Unavailable("MongoDB does not answer; try again in a few seconds.")

    @strawberry.field
    async def slow(self, seconds: float = 5) -> str:
        """Take time."""
        await asyncio.sleep(seconds)
        return "done"

    @strawberry.field
    async def held(self, info: Info) -> str:
        """Wait until the test lets go."""
        await info.context.held.wait()
        return "done"


@strawberry.type
class Mutation:
    """What GET must not do."""

    @strawberry.mutation
    def touch(self) -> bool:
        """Change something."""
        return True


SCHEMA = GuardedSchema(Query, Mutation, limits=Limits())


class Corpus:
    """Stands in for a store: a version and indexes that the test changes."""

    def __init__(self) -> None:
        self.version = 1
        self.missing: list[str] = []
        self.reads = 0
        self.fails: Exception | None = None
        self.closed = False
        self.has_primary = True

    def current_version(self) -> int | None:
        """Return the version, or None while everything fails."""
        return None if self.fails else self.version

    async def state(self) -> CorpusState:
        """Return the version and a date, or fail."""
        if self.fails:
            raise self.fails
        return {"version": self.version, "updatedDateTime": datetime(2026, 2, 28)}

    async def check_documents(self) -> None: ...

    async def missing_indexes(self) -> list[str]:
        """Return the missing indexes, or fail."""
        self.reads += 1
        if self.fails:
            raise self.fails
        return self.missing

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class FakeClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in [name for name in os.environ if name.upper().startswith("NEWSGRAPH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSGRAPH_SEARCH", "mongodb")  # as in tests/conftest.py
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))  # and no .env


@pytest.fixture
def corpus() -> Corpus:
    """The store behind `client`."""
    return Corpus()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def calls() -> list[str]:
    """Every call of `count`."""
    return []


@pytest.fixture
def held() -> asyncio.Event:
    """What the field `held` waits for."""
    return asyncio.Event()


@pytest.fixture
def app_with(corpus: Corpus, calls: list[str], held: asyncio.Event) -> AppFactory:
    """Make the application with the given settings."""

    def make(**settings: object) -> Starlette:
        def context(audience: Audience, _origin: str | None) -> Context:
            return Context(audience.value, calls, held)

        return create_app_for_schema(Settings.model_validate(settings), corpus, SCHEMA, context)

    return make


@pytest.fixture
def client(app_with: AppFactory) -> ClientFactory:
    """Make a client of the application with the given settings."""

    def make(**settings: object) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app_with(**settings))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    return make


def newsgraph(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these environment variables; it must not print a traceback."""
    run = subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in run.stderr
    return run


@pytest.fixture
def serve(mongod: str, database_name: str) -> Iterator[Start]:
    """Start servers of the test's database; returns each process and its origin."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **variables: str) -> Server:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            env={
                **os.environ,
                "NEWSGRAPH_MONGODB_URI": mongod,
                "NEWSGRAPH_DATABASE": database_name,
                **variables,
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, origin_of(log_of(process), lines_before(process))

    yield start
    for process in started:
        process.kill()
        process.wait()
        log_of(process).close()
