"""The hooks of extensions run as Strawberry runs them, whatever the extensions are."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.types import ExecutionContext

from schema.hooks import LeanRunner

pytestmark = pytest.mark.anyio

seen: list[str] = []


class Parsing(SchemaExtension):
    def on_parse(self) -> Iterator[None]:
        seen.append("parse")
        yield
        seen.append("parsed")


class Executing(SchemaExtension):
    async def on_operation(self) -> AsyncIterator[None]:
        seen.append("operation")
        yield
        seen.append("operated")

    async def on_execute(self) -> AsyncIterator[None]:
        seen.append("execute")
        yield
        seen.append("executed")


class Validating(Parsing):
    def on_validate(self) -> None:  # type: ignore[override]
        seen.append("validate")


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        seen.append("hello")
        return "Hello"


class LeanSchema(strawberry.Schema):
    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> SchemaExtensionsRunner:
        return LeanRunner(execution_context, extensions)


@pytest.mark.parametrize(
    "extensions",
    [[], [Parsing], [Executing], [Executing, Validating], [Parsing, Parsing, Validating]],
)
async def test_the_hooks_are_those_that_strawberry_runs(extensions: list[Any]) -> None:
    runs = []
    for schema in (strawberry.Schema, LeanSchema, LeanSchema):
        seen.clear()
        result = await schema(Query, extensions=extensions).execute("{ hello }")
        assert result.data == {"hello": "Hello"}
        runs.append([*seen])
    assert runs[0] == runs[1] == runs[2]
    assert "hello" in runs[0]
