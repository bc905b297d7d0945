"""Errors of resolvers, where they are, and what is left behind: nothing."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor

Ask = Callable[..., dict[str, Any]]


def alone(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in an event loop of its own, where no neighbour's MongoDB client has tasks."""

    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return run


def test_an_error_of_many_objects_keeps_the_traceback_of_one() -> None:
    """The log writes it out: it must not grow with each object whose field it fails."""
    unlucky = ValueError("no luck")

    def no_luck(parents: Sequence[Any], info: Info) -> str | None:
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
    answer = schema.execute_sync(
        "{ items { luck lucky { id } luckiest { id } } }", root_value={"items": [{}] * 50}
    )
    assert answer.errors is not None
    assert len(answer.errors) == 150
    # Each of the three calls raised it once.
    assert len(traceback.extract_tb(unlucky.__traceback__)) <= 3 * 2


@pytest.mark.parametrize("moment", ["at once", "later"])
def test_what_a_batch_resolver_raises_is_the_error_of_each_parent(ask: Ask, moment: str) -> None:
    def at_once(parents: Sequence[Any], info: Info) -> str | None:
        raise GraphQLError("no luck", extensions={"code": "UNLUCKY"})

    async def later(parents: Sequence[Any], info: Info) -> str | None:
        await asyncio.sleep(0)
        return at_once(parents, info)

    @strawberry.type
    class Item:
        luck: str | None = batched(description="")(at_once if moment == "at once" else later)
        id: int = document_field(description="")

    @strawberry.type
    class Query:
        items: list[Item] = document_field(description="")

    answer = ask(Query, "{\n  items { id\n    luck }\n}", {"items": [{"id": 1}, {"id": 2}]})
    assert answer == {
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


def test_an_error_points_at_every_spelling_of_its_field(ask: Ask) -> None:
    answer = ask("type Query { n: Int }", "{ n ... { n } }", {"n": "x"})
    assert answer["errors"][0]["locations"] == [{"line": 1, "column": 3}, {"line": 1, "column": 11}]


def test_an_exception_that_stands_in_a_document_is_its_fields_error(ask: Ask) -> None:
    answer = ask(
        "type Query { a: Int b: [Int!] c: Q } type Q { a: Int }",
        "{ a b c { a } }",
        {"a": ValueError("a"), "b": [1, ValueError("b")], "c": ValueError("c")},
    )
    assert answer["data"] == {"a": None, "b": None, "c": None}
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [
        ("a", ["a"]),
        ("b", ["b", 1]),
        ("c", ["c"]),
    ]


def test_an_argument_that_cannot_be_coerced_is_an_error_of_each_parent(ask: Ask) -> None:
    async def resolve(parents: Sequence[Any], info: Info, at: int) -> int | None:
        return [at] * len(parents)  # type: ignore[return-value]

    @strawberry.type
    class Item:
        place: int | None = batched(description="")(resolve)

        @strawberry.field
        def here(self, at: int) -> int | None:
            return at

    @strawberry.type
    class Query:
        items: list[Item] = document_field(description="")

    query = "query ($n: Int = 3) { items { place(at: $n) here(at: $n) } }"
    root = {"items": [{}, {}]}
    assert ask(Query, query, root)["data"] == {"items": [{"place": 3, "here": 3}] * 2}
    answer = ask(Query, query, root, n=None)
    assert answer["data"] == {"items": [{"place": None, "here": None}] * 2}
    assert [error["path"] for error in answer["errors"]] == [
        ["items", index, field] for index in (0, 1) for field in ("place", "here")
    ]


def test_plain_resolvers_are_called_for_each_object_and_awaited_together(ask: Ask) -> None:
    met: list[int] = []

    @strawberry.type
    class Item:
        id: int = document_field(description="")

        @strawberry.field
        async def half(self, info: Info, of: int = 2) -> float | None:
            met.append(self["id"])  # type: ignore[index]
            await asyncio.sleep(0)
            return self["id"] / of  # type: ignore[index, no-any-return]

        @strawberry.field
        def inverse(self) -> float:
            return 1 / self["id"]  # type: ignore[index, no-any-return]

    @strawberry.type
    class Query:
        items: list[Item | None] = document_field(description="")

    root = {"items": [{"id": 1}, {"id": 0}, {"id": 4}]}
    answer = ask(Query, "{ items { half inverse bad: half(of: 0) } }", root)
    assert answer["data"] == {
        "items": [
            {"half": 0.5, "inverse": 1.0, "bad": None},
            None,
            {"half": 2.0, "inverse": 0.25, "bad": None},
        ]
    }
    assert {tuple(error["path"]) for error in answer["errors"]} >= {
        ("items", 0, "bad"),
        ("items", 1, "inverse"),
        ("items", 2, "bad"),
    }


@alone
async def test_a_cancelled_request_leaves_no_task_behind() -> None:
    started, cancelled = asyncio.Event(), []

    async def forever(parents: Sequence[Any], info: Info) -> int:
        started.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(info.field_name)
            raise
        return [1]  # type: ignore[return-value]

    @strawberry.type
    class Query:
        a: int = batched(description="")(forever)
        b: int = batched(description="")(forever)

    schema = strawberry.Schema(Query, execution_context_class=BreadthFirstExecutor)
    for query, fields in (("{ a }", ["a"]), ("{ a b }", ["a", "b"])):
        started.clear()
        cancelled.clear()
        before = asyncio.all_tasks()
        request = asyncio.ensure_future(schema.execute(query))
        await started.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert sorted(cancelled) == fields
        assert asyncio.all_tasks() == before


@alone
async def test_a_defect_leaves_no_task_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled: list[str] = []

    async def quick(parents: Sequence[Any], info: Info) -> int:
        return [1]  # type: ignore[return-value]

    async def slow(parents: Sequence[Any], info: Info) -> int:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(info.field_name)
            raise
        return [1]  # type: ignore[return-value]

    @strawberry.type
    class Query:
        a: int = batched(description="")(quick)
        b: int = batched(description="")(slow)

    def broken(*_: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr("schema.execution.leaves.LeafCompleter.start", broken)
    schema = strawberry.Schema(Query, execution_context_class=BreadthFirstExecutor)
    before = asyncio.all_tasks()
    result = await schema.execute("{ a b }")
    assert result.data is None
    assert result.errors is not None
    assert [error.message for error in result.errors] == ["a defect"]
    assert cancelled == ["b"]
    assert asyncio.all_tasks() == before
