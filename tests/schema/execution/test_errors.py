"""Field errors: their messages, locations and paths, and which fields they make null.

Covers `errors`, with `completion` and `scope`, through which errors travel.
"""

import asyncio
import traceback
from collections.abc import Sequence

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.types import Info

from schema.execution.batched import BatchResolver, batched
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor
from tests.schema.execution.agreement import Ask


def test_an_error_of_many_objects_keeps_the_traceback_of_one() -> None:
    """The log prints it, so it must not grow with each object whose field fails."""
    unlucky = ValueError("no luck")

    def no_luck(_parents: Sequence[object], _info: Info) -> list[str]:
        raise unlucky

    @strawberry.type
    class Lucky:
        id: int = document_field(description="")

    @strawberry.type
    class Item:
        luck: str | None = batched(description="")(no_luck)
        lucky: list[Lucky] | None = batched(description="")(no_luck)
        luckiest: Lucky | None = batched(description="")(no_luck)

    @strawberry.type
    class Query:
        items: list[Item] = document_field(description="")

    schema = strawberry.Schema(Query, execution_context_class=BreadthFirstExecutor)
    response = schema.execute_sync(
        "{ items { luck lucky { id } luckiest { id } } }", root_value={"items": [{}] * 50}
    )
    assert response.errors is not None
    assert len(response.errors) == 150
    # Each of the three calls raised it once.
    assert len(traceback.extract_tb(unlucky.__traceback__)) <= 3 * 2


@pytest.mark.parametrize("moment", ["at once", "later"])
def test_an_exception_raised_by_a_batch_resolver_is_the_error_of_each_parent(
    ask: Ask, moment: str
) -> None:
    def at_once(_parents: Sequence[object], _info: Info) -> list[str]:
        raise GraphQLError("no luck", extensions={"code": "UNLUCKY"})

    async def later(parents: Sequence[object], info: Info) -> list[str]:
        await asyncio.sleep(0)
        return at_once(parents, info)

    resolver: BatchResolver = at_once if moment == "at once" else later

    @strawberry.type
    class Item:
        luck: str | None = batched(description="")(resolver)
        id: int = document_field(description="")

    @strawberry.type
    class Query:
        items: list[Item] = document_field(description="")

    response = ask(Query, "{\n  items { id\n    luck }\n}", {"items": [{"id": 1}, {"id": 2}]})
    assert response == {
        "data": {"items": [{"id": 1, "luck": None}, {"id": 2, "luck": None}]},
        "errors": [
            {
                "message": "no luck",
                "locations": [{"line": 3, "column": 5}],
                "path": ["items", index, "luck"],
                "extensions": {"code": "UNLUCKY"},
            }
            for index in (0, 1)
        ],
    }


def test_an_error_has_the_location_of_every_selection_of_its_field(ask: Ask) -> None:
    response = ask("type Query { n: Int }", "{ n ... { n } }", {"n": "x"})
    assert response["errors"][0]["locations"] == [
        {"line": 1, "column": 3},
        {"line": 1, "column": 11},
    ]


def test_an_exception_in_a_document_is_the_error_of_its_field(ask: Ask) -> None:
    response = ask(
        "type Query { a: Int b: [Int!] c: Q } type Q { a: Int }",
        "{ a b c { a } }",
        {"a": ValueError("a"), "b": [1, ValueError("b")], "c": ValueError("c")},
    )
    assert response["data"] == {"a": None, "b": None, "c": None}
    assert [(error["message"], error["path"]) for error in response["errors"]] == [
        ("a", ["a"]),
        ("b", ["b", 1]),
        ("c", ["c"]),
    ]
