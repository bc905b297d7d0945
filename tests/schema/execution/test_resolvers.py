"""Resolvers: which one a field gets, how it is called, and with which arguments.

Covers `resolvers`.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NewType, cast

import pytest
import strawberry
from graphql import ExecutionResult, build_schema, execute, parse
from strawberry.extensions import FieldExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import DocumentField, document_field
from schema.execution.executor import BreadthFirstExecutor
from tests.schema.execution.agreement import Ask

Anything = NewType("Anything", object)
ANYTHING = strawberry.scalar(name="Anything")
Document = dict[str, int]


def test_plain_resolvers_are_called_for_each_object_and_awaited_together(ask: Ask) -> None:
    @strawberry.type
    class Item:
        id: int = document_field(description="")

        @strawberry.field
        async def half(self, _info: Info, of: int = 2) -> float | None:
            await asyncio.sleep(0)
            return cast("Document", self)["id"] / of

        @strawberry.field
        def inverse(self) -> float:
            return 1 / cast("Document", self)["id"]

    @strawberry.type
    class Query:
        items: list[Item | None] = document_field(description="")

    root = {"items": [{"id": 1}, {"id": 0}, {"id": 4}]}
    response = ask(Query, "{ items { half inverse bad: half(of: 0) } }", root)
    assert response["data"] == {
        "items": [
            {"half": 0.5, "inverse": 1.0, "bad": None},
            None,
            {"half": 2.0, "inverse": 0.25, "bad": None},
        ]
    }
    assert {tuple(error["path"]) for error in response["errors"]} >= {
        ("items", 0, "bad"),
        ("items", 1, "inverse"),
        ("items", 2, "bad"),
    }


def test_an_argument_that_cannot_be_coerced_is_an_error_of_each_parent(ask: Ask) -> None:
    async def resolve(parents: Sequence[object], _info: Info, at: int) -> list[int]:
        return [at] * len(parents)

    @strawberry.type
    class Item:
        there: int | None = batched(description="")(resolve)

        @strawberry.field
        def here(self, at: int) -> int | None:
            return at

    @strawberry.type
    class Query:
        items: list[Item] = document_field(description="")

    query = "query ($n: Int = 3) { items { there(at: $n) here(at: $n) } }"
    root: dict[str, list[Document]] = {"items": [{}, {}]}
    assert ask(Query, query, root)["data"] == {"items": [{"there": 3, "here": 3}] * 2}
    response = ask(Query, query, root, n=None)
    assert response["data"] == {"items": [{"there": None, "here": None}] * 2}
    assert [error["path"] for error in response["errors"]] == [
        ["items", index, field] for index in (0, 1) for field in ("there", "here")
    ]


def test_arguments_are_converted_once_for_the_same_small_values() -> None:
    @strawberry.input
    class Wish:
        size: int | None = 7
        anything: Anything | None = strawberry.UNSET

    seen: list[Wish] = []

    def note(parents: Sequence[object], _info: Info, wish: Wish) -> list[bool]:
        seen.append(wish)
        return [True for _ in parents]

    @strawberry.type
    class Query:
        noted: bool = batched(description="")(note)

    schema = strawberry.Schema(
        Query,
        execution_context_class=BreadthFirstExecutor,
        config=StrawberryConfig(scalar_map={Anything: ANYTHING}),
    )
    document = parse(
        "query ($size: Int, $any: Anything) { noted(wish: {size: $size, anything: $any}) }"
    )

    def wish(**variables: object) -> Wish:
        execute(
            schema._schema,
            document,
            variable_values=variables,
            executor_class=BreadthFirstExecutor,
        )
        return seen[-1]

    assert wish().size == 7
    assert wish(size=None).size is None
    # 1 and True are equal, but must not share what they are converted to.
    assert repr(wish(any=1).anything) == "1"
    assert repr(wish(any=True).anything) == "True"
    # Small numbers recur; strings may be large, and are not kept.
    assert wish(size=5) is wish(size=5)
    assert wish(size=5) is not wish(size=6)
    assert wish(any="now") is not wish(any="now")


def test_constant_arguments_are_converted_once() -> None:
    seen: list[list[int]] = []

    def sum_of(parents: Sequence[object], _info: Info, of: list[int]) -> list[int]:
        seen.append(of)
        return [sum(of)] * len(parents)

    @strawberry.type
    class Query:
        total: int | None = batched(description="")(sum_of)

    schema = strawberry.Schema(Query)._schema
    document = parse("{ total(of: [1, 2]) }")
    for _ in range(2):
        result = execute(schema, document, executor_class=BreadthFirstExecutor)
        assert result == ({"total": 3}, None)
    assert seen[0] is seen[1]


@pytest.mark.parametrize("executor", [BreadthFirstExecutor, DepthFirstExecutor])
def test_a_wrong_constant_in_a_query_that_was_not_validated_is_a_field_error(
    executor: type[DepthFirstExecutor],
) -> None:
    schema = build_schema("type Query { a(n: Int!): Int b: Int }")
    result = execute(schema, parse('{ a(n: "x") b }'), {"b": 1}, executor_class=executor)
    assert isinstance(result, ExecutionResult)
    assert result.data == {"a": None, "b": 1}
    assert [error.path for error in result.errors or ()] == [["a"]]


def test_a_field_extension_around_a_resolver_is_not_skipped(ask: Ask) -> None:
    class Loud(FieldExtension):
        def resolve(self, next_: Any, source: Any, info: Info, **arguments: object) -> str:
            return str(next_(source, info, **arguments)).upper()

    def declared() -> DocumentField:
        field: DocumentField = document_field(description="")
        field.extensions = [Loud()]
        return field

    @strawberry.type
    class Query:
        loud: str = cast("Any", declared())
        quiet: str = document_field(description="")

    response = ask(Query, "{ loud quiet }", {"loud": "a", "quiet": "b"})
    assert response == {"data": {"loud": "A", "quiet": "b"}}
