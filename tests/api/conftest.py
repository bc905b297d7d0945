"""A small schema served by the real application, to be asked over ASGI."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette

from api.app import serve_schema
from api.settings import Settings
from schema.errors import PublicErrors, bad_input
from schema.limits.extension import limits_extension
from schema.limits.guard import CheckedQuery
from schema.limits.limits import Limits
from store.audience import Audience
from store.errors import Unavailable


@strawberry.type
class Query:
    """Fields that end in every way there is."""

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        """Succeed."""
        return f"Hello, {name}!"

    @strawberry.field
    def audience(self, info: strawberry.Info) -> str:
        """Tell who is asking."""
        return info.context.audience

    @strawberry.field
    def count(self, info: strawberry.Info) -> int:
        """Tell how often this was resolved."""
        info.context.calls.append("count")
        return len(info.context.calls)

    @strawberry.field
    def long(self, size: int = 5000) -> str:
        """Give a long text."""
        return "news " * (size // 5)

    @strawberry.field
    def refused(self) -> str | None:
        """Refuse the caller's argument."""
        raise bad_input("first must not be negative.")

    @strawberry.field
    def broken(self) -> str | None:
        """Fail for a reason that is nobody's business."""
        raise ValueError("password=hunter2")

    @strawberry.field
    def down(self) -> str | None:
        """Find no database."""
        raise Unavailable("MongoDB does not answer; try again in a few seconds.")

    @strawberry.field
    def required_down(self) -> str:
        """Find no database where null is no answer."""
        raise Unavailable("MongoDB does not answer; try again in a few seconds.")

    @strawberry.field
    async def slow(self, seconds: float = 5) -> str:
        """Take time."""
        await asyncio.sleep(seconds)
        return "done"


@strawberry.type
class Mutation:
    """What GET must not do."""

    @strawberry.mutation
    def touch(self) -> bool:
        """Change something."""
        return True


SCHEMA = strawberry.Schema(Query, Mutation, extensions=[PublicErrors, limits_extension(Limits())])


@dataclass
class RequestContext:
    """What resolvers are given."""

    audience: str
    calls: list[str]
    checked_query: CheckedQuery | None = None


class Corpus:
    """Stands for a store: a version that the test moves."""

    def __init__(self) -> None:
        self.version = 1
        self.asked = 0
        self.fails: Exception | None = None

    async def cacheable_version(self) -> int:
        """Give the version."""
        self.asked += 1
        if self.fails:
            raise self.fails
        return self.version

    async def missing_indexes(self) -> list[str]:
        """Miss none."""
        return []

    async def close(self) -> None:
        """Close nothing."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in [name for name in os.environ if name.upper().startswith("NEWSGRAPH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))  # and no .env


@pytest.fixture
def corpus() -> Corpus:
    """The version that answers are cached for."""
    return Corpus()


@pytest.fixture
def calls() -> list[str]:
    """Every call of `count`."""
    return []


@pytest.fixture
def make_app(corpus: Corpus, calls: list[str]) -> Callable[..., Starlette]:
    """Make the application with some settings."""

    def make(**settings: Any) -> Starlette:
        def context(audience: Audience) -> RequestContext:
            return RequestContext(audience.value, calls)

        return serve_schema(Settings(**settings), corpus, SCHEMA, context)  # type: ignore[arg-type]

    return make


@pytest.fixture
def client(make_app: Callable[..., Starlette]) -> Callable[..., httpx.AsyncClient]:
    """Make a client of the application with some settings."""

    def make(**settings: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(make_app(**settings))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    return make


Client = Callable[..., httpx.AsyncClient]
