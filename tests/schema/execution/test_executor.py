"""What the breadth-first executor leaves to graphql-core, and that it is answered all the same."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from graphql import build_schema, parse
from strawberry.extensions import SchemaExtension
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.executor import BreadthFirstExecutor, unsupported


def reason(sdl: str, query: str, **options: Any) -> str | None:
    executor = BreadthFirstExecutor.build(build_schema(sdl), parse(query), **options)
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
        (f"{ROOTS} directive @defer(if: Boolean, label: String) on FRAGMENT_SPREAD", "{ a }"),
    ],
)
def test_other_operations_and_incremental_delivery_are_not(sdl: str, query: str) -> None:
    assert reason(sdl, query) is not None


async def twice(parents: Sequence[Any], info: Info, n: int) -> int:
    """Double a number."""
    return [n * 2] * len(parents)  # type: ignore[return-value]


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
