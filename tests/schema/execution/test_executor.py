"""What the breadth-first executor leaves to graphql-core, and that it is executed nevertheless.

Covers `executor`.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, build_schema, execute, parse
from strawberry.extensions import SchemaExtension
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.executor import BreadthFirstExecutor, unsupported


def reason(sdl: str, query: str, abort_signal: Any = None) -> str | None:
    document = parse(query, experimental_fragment_arguments=True)
    executor = BreadthFirstExecutor.build(build_schema(sdl), document, abort_signal=abort_signal)
    assert isinstance(executor, BreadthFirstExecutor)
    return unsupported(executor)


ROOTS = "type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }"


def test_queries_are_supported() -> None:
    assert reason(ROOTS, "{ a __schema { types { name } } }") is None


@pytest.mark.parametrize(
    ("sdl", "query"),
    [
        (ROOTS, "mutation { a }"),
        (ROOTS, "subscription { a }"),
        (ROOTS, "query @experimental_disableErrorPropagation { a }"),
        (ROOTS, "{ ...F(n: 1) } fragment F($n: Int) on Query { a }"),
        (f"{ROOTS} directive @defer(if: Boolean, label: String) on FRAGMENT_SPREAD", "{ a }"),
    ],
)
def test_other_operations_and_experimental_features_are_not(sdl: str, query: str) -> None:
    assert reason(sdl, query) is not None


def test_abort_signals_are_not_supported() -> None:
    assert reason(ROOTS, "{ a }", abort_signal=object()) is not None


def test_a_schema_without_queries_is_not_supported() -> None:
    sdl = "type Mutation { a: Int }"
    schema = build_schema(sdl, assume_valid=True)
    result = execute(schema, parse("{ a }"), executor_class=BreadthFirstExecutor)
    assert isinstance(result, ExecutionResult)
    assert [error.message for error in result.errors or ()] == [
        "Schema is not configured to execute query operation."
    ]


async def twice(parents: Sequence[object], _info: Info, n: int) -> list[int]:
    return [n * 2] * len(parents)


@strawberry.type
class Root:
    """Queries."""

    twice: int = batched(description="")(twice)


@strawberry.type
class Changes:
    """Mutations."""

    twice: int = batched(description="")(twice)


def test_a_mutation_is_executed_by_graphql_core() -> None:
    schema = strawberry.Schema(Root, Changes, execution_context_class=BreadthFirstExecutor)
    result = asyncio.run(schema.execute("mutation { twice(n: 2) }"))
    assert (result.data, result.errors) == ({"twice": 4}, None)


def test_an_extension_that_wraps_resolvers_sees_them_all() -> None:
    seen: list[str] = []

    class Watch(SchemaExtension):
        async def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(info.field_name)
            return await _next(root, info, *args, **kwargs)

    schema = strawberry.Schema(
        Root, execution_context_class=BreadthFirstExecutor, extensions=[Watch]
    )
    result = asyncio.run(schema.execute("{ twice(n: 2) again: twice(n: 3) }"))
    assert (result.data, result.errors) == ({"twice": 4, "again": 6}, None)
    assert seen == ["twice", "twice"]


def test_the_reason_is_logged_once_for_each_schema(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "newsgraph.execution")
    for _ in range(2):
        schema = strawberry.Schema(Root, Changes, execution_context_class=BreadthFirstExecutor)
        for n in range(2):
            asyncio.run(schema.execute(f"mutation {{ twice(n: {n}) }}"))
            asyncio.run(schema.execute("{ twice(n: 1) }"))
    assert (
        caplog.messages
        == ["graphql-core's slower executor runs operations where the operation is not a query."]
        * 2
    )
