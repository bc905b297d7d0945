"""A run: what is awaited together, what waits for what, and what is left behind (nothing).

Covers `run` and `scope`.
"""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps

import pytest
import strawberry
from graphql import ExecutionResult, parse
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor

Parents = Sequence[object]


def in_own_loop(
    test: Callable[..., Coroutine[object, object, None]],
) -> Callable[..., None]:
    """Run a test in an event loop of its own, where no MongoDB client of other tests has tasks."""

    @wraps(test)
    def run(*arguments: object, **named: object) -> None:
        asyncio.run(test(*arguments, **named))

    return run


def schema_of(query: type) -> strawberry.Schema:
    return strawberry.Schema(query, execution_context_class=BreadthFirstExecutor)


@in_own_loop
async def test_independent_batches_wait_at_the_same_time() -> None:
    everyone_is_here = asyncio.Barrier(3)

    async def meet(parents: Parents, _info: Info) -> list[int]:
        async with asyncio.timeout(60):
            await everyone_is_here.wait()
        return [1] * len(parents)

    @strawberry.type
    class Meeting:
        a: int = batched(description="")(meet)
        b: int = batched(description="")(meet)
        c: int = batched(description="")(meet)

    assert (await schema_of(Meeting).execute("{ a b c }")).data == {"a": 1, "b": 1, "c": 1}


@in_own_loop
async def test_a_field_whose_parents_are_there_does_not_wait_for_slow_siblings() -> None:
    order: list[str] = []
    below_done = asyncio.Event()

    async def resolve_slow(parents: Parents, _info: Info) -> list[int]:
        async with asyncio.timeout(60):
            await below_done.wait()
        order.append("slow")
        return [1] * len(parents)

    async def resolve_below(parents: Parents, _info: Info) -> list[int]:
        order.append("below")
        below_done.set()
        return [2] * len(parents)

    async def resolve_quick(parents: Parents, _info: Info) -> list[dict[str, object]]:
        await asyncio.sleep(0)
        return [{} for _ in parents]

    @strawberry.type
    class Quick:
        below: int = batched(description="")(resolve_below)

    @strawberry.type
    class Race:
        slow: int = batched(description="")(resolve_slow)
        quick: Quick = batched(description="")(resolve_quick)

    result = await schema_of(Race).execute("{ slow quick { below } }")
    assert result.data == {"slow": 1, "quick": {"below": 2}}
    assert order == ["below", "slow"]


@in_own_loop
async def test_fields_may_wait_for_the_same_task() -> None:
    async def read() -> list[int]:
        await asyncio.sleep(0)
        return [1]

    task = asyncio.ensure_future(read())

    def shared(_parents: Parents, _info: Info) -> asyncio.Future[list[int]]:
        return task

    @strawberry.type
    class Query:
        a: int = batched(description="")(shared)
        b: int = batched(description="")(shared)

    assert (await schema_of(Query).execute("{ a b }")).data == {"a": 1, "b": 1}


def test_without_async_resolvers_nothing_is_awaited() -> None:
    def resolve_shout(parents: Sequence[dict[str, str]], _info: Info) -> list[str]:
        return [parent["name"].upper() for parent in parents]

    @strawberry.type
    class Plain:
        shout: str = batched(description="")(resolve_shout)

    schema = schema_of(Plain)._schema
    executor = BreadthFirstExecutor.build(schema, parse("{ shout }"), {"name": "me"})
    assert isinstance(executor, BreadthFirstExecutor)
    result = executor.execute_operation()
    assert not inspect.isawaitable(result)
    assert result == ExecutionResult({"shout": "ME"}, None)


@in_own_loop
async def test_a_cancelled_request_leaves_no_task_behind() -> None:
    started, cancelled = asyncio.Event(), []

    async def forever(_parents: Parents, info: Info) -> list[int]:
        started.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(info.field_name)
            raise
        return [1]

    @strawberry.type
    class Query:
        a: int = batched(description="")(forever)
        b: int = batched(description="")(forever)

    schema = schema_of(Query)
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


@in_own_loop
async def test_a_resolver_that_is_cancelled_cancels_the_request() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        async def gone(self) -> int:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await schema_of(Query).execute("{ gone }")


@pytest.mark.parametrize("query", ["{ a b }", "{ b plain }"])
@in_own_loop
async def test_a_defect_of_the_executor_leaves_no_task_behind(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Whether it happens before anything is awaited, or after that."""
    cancelled: list[str] = []

    async def quick(_parents: Parents, _info: Info) -> list[int]:
        return [1]

    async def slow(_parents: Parents, info: Info) -> list[int]:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(info.field_name)
            raise
        return [1]

    @strawberry.type
    class Query:
        a: int = batched(description="")(quick)
        b: int = batched(description="")(slow)
        plain: int = document_field(description="")

    def broken(*_: object) -> object:
        raise RuntimeError("a defect")

    monkeypatch.setattr("schema.execution.leaves.LeafCompleter.start", broken)
    before = asyncio.all_tasks()
    result = await schema_of(Query).execute(query, root_value={"plain": 1})
    assert result.data is None
    assert [error.message for error in result.errors or ()] == ["a defect"]
    assert cancelled == (["b"] if query == "{ a b }" else [])
    assert asyncio.all_tasks() == before
