"""An application whose answers the test decides."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import strawberry
from starlette.applications import Starlette

from api.app import create_app_for_schema
from api.settings import Settings
from schema.execution.budget import WorkBudget
from schema.limits.guard import CheckedQuery
from schema.limits.guarded_schema import GuardedSchema
from schema.limits.limits import Limits
from store.audience import Audience
from store.errors import Unavailable
from tests.api.conftest import Corpus

MakeApp = Callable[..., Starlette]


@dataclass
class Board:
    """What is read, and how often it was."""

    text: str = "one"
    fails: Exception | None = None
    reads: list[str] = field(default_factory=list)


@dataclass
class Context:
    """What the resolvers are given."""

    board: Board
    audience: str
    checked_query: CheckedQuery | None = None
    work: WorkBudget | None = None


Info = strawberry.Info[Context, None]


async def _text(info: Info, name: str = "") -> str | None:
    board = info.context.board
    board.reads.append(name)
    if board.fails is not None:
        raise board.fails
    return f"{name}{board.text}"


@strawberry.type
class Query:
    text: str | None = strawberry.field(resolver=_text)

    @strawberry.field
    def audience(self, info: Info) -> str:
        """Return the audience of the caller."""
        return info.context.audience


@strawberry.type
class Subscription:
    text: str | None = strawberry.field(resolver=_text)


SCHEMA = GuardedSchema(Query, subscription=Subscription, limits=Limits())
AWAY = Unavailable("MongoDB does not answer; try again in a few seconds.")


@pytest.fixture
def board() -> Board:
    """What the application reads."""
    return Board()


@pytest.fixture
def make_app(corpus: Corpus, board: Board) -> MakeApp:
    """Make the application with the given settings; it begins with version 1."""

    def make(**settings: object) -> Starlette:
        def context(audience: Audience, _: str | None) -> Context:
            return Context(board, audience.value)

        return create_app_for_schema(Settings.model_validate(settings), corpus, SCHEMA, context)

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Starlette:
    """The application with default settings."""
    return make_app()
