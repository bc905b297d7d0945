"""Batches: each field's resolver is called once for each place in the response."""

import asyncio
import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import pytest
import strawberry
from graphql import parse
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.selection import selection_of

pytestmark = pytest.mark.anyio

Calls = list[tuple[Any, ...]]
Person = Annotated["PersonType", strawberry.lazy(__name__)]

PEOPLE = {
    "ann": {"name": "ann", "friends": ["bob", "cy"], "mother": "eve"},
    "bob": {"name": "bob", "friends": ["ann"], "mother": "eve"},
    "cy": {"name": "cy", "friends": []},
    "eve": {"name": "eve", "friends": ["ann", "bob"]},
}


async def friends(
    parents: Sequence[Any],
    info: Info,
    first: int | None = None,
    but: list[str] | None = None,
) -> list[Person]:
    """Give lists of people."""
    info.context.append(("friends", [parent["name"] for parent in parents], first, but))
    return [
        [PEOPLE[name] for name in parent["friends"] if name not in (but or ())][:first]
        for parent in parents
    ]  # type: ignore[return-value]


async def mother(parents: Sequence[Any], info: Info) -> Person | None:
    """Give people; each of them alone is one too many for bob."""
    info.context.append(("mother", [parent["name"] for parent in parents]))
    return [
        ValueError("bob does not say")
        if parent is PEOPLE["bob"]
        else PEOPLE.get(parent.get("mother"))
        for parent in parents
    ]  # type: ignore[return-value]


def shout(parents: Sequence[Any], info: Info) -> str:
    """Is not async."""
    info.context.append(("shout", [parent["name"] for parent in parents]))
    return [parent["name"].upper() for parent in parents]  # type: ignore[return-value]


def short(parents: Sequence[Any], info: Info) -> str | None:
    """Gives a result too few."""
    return ["x"] * (len(parents) - 1)  # type: ignore[return-value]


@strawberry.type(name="Person")
class PersonType:
    """Somebody."""

    name: str = document_field(description="")
    friends: list[Person] = batched(description="")(friends)
    mother: Person | None = batched(description="")(mother)
    shout: str = batched(description="")(shout)
    short: str | None = batched(description="")(short)


async def person(parents: Sequence[Any], info: Info, name: str) -> Person | None:
    """Find somebody."""
    info.context.append(("person", parents, name))
    return [PEOPLE.get(name)] * len(parents)  # type: ignore[return-value]


@strawberry.type
class Query:
    """The root."""

    person: Person | None = batched(description="")(person)


@pytest.fixture(params=[BreadthFirstExecutor, DepthFirstExecutor])
def ask(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Execute, and tell the calls that resolvers got."""
    schema = strawberry.Schema(Query, execution_context_class=request.param)

    async def execute(query: str, **variables: Any) -> tuple[Any, Any, Calls]:
        calls: Calls = []
        result = await schema.execute(query, variables, calls)
        return result.data, result.errors, calls

    return execute


async def test_a_place_in_the_response_is_one_call_however_many_objects(
    ask: Callable[..., Any],
) -> None:
    data, errors, calls = await ask(
        '{ person(name: "ann") { friends { shout friends { name mother { name } } } } }'
    )
    assert errors is None
    assert data["person"]["friends"] == [
        {"shout": "BOB", "friends": [{"name": "ann", "mother": {"name": "eve"}}]},
        {"shout": "CY", "friends": []},
    ]
    assert calls == [
        ("person", [None], "ann"),
        ("friends", ["ann"], None, None),
        ("shout", ["bob", "cy"]),
        ("friends", ["bob", "cy"], None, None),
        ("mother", ["ann"]),
    ]


async def test_aliases_are_places_of_their_own_with_arguments_of_their_own(
    ask: Callable[..., Any],
) -> None:
    data, errors, calls = await ask(
        """query ($n: Int, $but: [String!], $none: Int) { person(name: "eve") {
          one: friends(first: $n, but: $but) { name }
          all: friends(first: $none) { name }
        } }""",
        n=1,
        but=["ann"],
    )
    assert errors is None
    assert data == {"person": {"one": [{"name": "bob"}], "all": [{"name": "ann"}, {"name": "bob"}]}}
    assert calls[1:] == [("friends", ["eve"], 1, ["ann"]), ("friends", ["eve"], None, None)]


async def test_nothing_is_called_where_there_are_no_objects(ask: Callable[..., Any]) -> None:
    data, errors, calls = await ask(
        '{ person(name: "cy") { friends { mother { name } } } x: person(name: "z") { shout } }'
    )
    assert (data, errors) == ({"person": {"friends": []}, "x": None}, None)
    assert [call[0] for call in calls] == ["person", "person", "friends"]


async def test_an_exception_among_the_results_is_the_error_of_its_parent_alone(
    ask: Callable[..., Any],
) -> None:
    data, errors, calls = await ask('{ person(name: "eve") { friends { mother { name } } } }')
    assert data == {"person": {"friends": [{"mother": {"name": "eve"}}, {"mother": None}]}}
    assert [(error.message, error.path) for error in errors] == [
        ("bob does not say", ["person", "friends", 1, "mother"])
    ]
    assert calls[-1] == ("mother", ["ann", "bob"])


async def test_too_few_results_are_an_error_of_every_parent(ask: Callable[..., Any]) -> None:
    data, errors, _ = await ask('{ person(name: "eve") { friends { short } } }')
    assert data == {"person": {"friends": [{"short": None}, {"short": None}]}}
    assert {error.message for error in errors} == {"short got 1 results for 2 parents."}


async def test_independent_batches_wait_at_the_same_time() -> None:
    everyone_is_here = asyncio.Barrier(3)

    async def meet(parents: Sequence[Any], info: Info) -> int:
        async with asyncio.timeout(5):
            await everyone_is_here.wait()
        return [1] * len(parents)  # type: ignore[return-value]

    @strawberry.type
    class Meeting:
        a: int = batched(description="")(meet)
        b: int = batched(description="")(meet)
        c: int = batched(description="")(meet)

    schema = strawberry.Schema(Meeting, execution_context_class=BreadthFirstExecutor)
    assert (await schema.execute("{ a b c }")).data == {"a": 1, "b": 1, "c": 1}


async def test_a_field_whose_parents_are_there_does_not_wait_for_slow_siblings() -> None:
    order: list[str] = []
    below_done = asyncio.Event()

    async def resolve_slow(parents: Sequence[Any], info: Info) -> int:
        async with asyncio.timeout(5):
            await below_done.wait()
        order.append("slow")
        return [1] * len(parents)  # type: ignore[return-value]

    async def resolve_below(parents: Sequence[Any], info: Info) -> int:
        order.append("below")
        below_done.set()
        return [2] * len(parents)  # type: ignore[return-value]

    @strawberry.type
    class Quick:
        below: int = batched(description="")(resolve_below)

    async def resolve_quick(parents: Sequence[Any], info: Info) -> Quick:
        await asyncio.sleep(0)
        return [{}] * len(parents)  # type: ignore[return-value]

    @strawberry.type
    class Race:
        slow: int = batched(description="")(resolve_slow)
        quick: Quick = batched(description="")(resolve_quick)

    schema = strawberry.Schema(Race, execution_context_class=BreadthFirstExecutor)
    result = await schema.execute("{ slow quick { below } }")
    assert result.data == {"slow": 1, "quick": {"below": 2}}
    assert order == ["below", "slow"]


async def test_without_async_resolvers_nothing_is_awaited() -> None:
    @strawberry.type
    class Plain:
        shout: str = batched(description="")(shout)

    schema = strawberry.Schema(Plain, execution_context_class=BreadthFirstExecutor)
    executor = BreadthFirstExecutor.build(schema._schema, parse("{ shout }"), {"name": "me"}, [])
    assert isinstance(executor, BreadthFirstExecutor)
    result = executor.execute_operation()
    assert not inspect.isawaitable(result)
    assert result.data == {"shout": "ME"}


async def test_a_resolver_sees_what_is_asked_below_it() -> None:
    seen: dict[str, Any] = {}

    def shown(selection: Any) -> dict[str, Any]:
        return {name: shown(below) for name, below in selection.items()}

    async def resolve_look(parents: Sequence[Any], info: Info) -> Person:
        seen[info.field_name] = shown(selection_of(info))
        return [PEOPLE["ann"]] * len(parents)  # type: ignore[return-value]

    @strawberry.type
    class Looking:
        look: Person = batched(description="")(resolve_look)

    query = """
    query ($yes: Boolean!, $no: Boolean = false) {
      look {
        __typename
        first: name
        ...F
        ... on Person { friends { mother { name @include(if: $yes) } } }
        mother @include(if: $no) { name }
        shout @skip(if: $yes)
      }
    }
    fragment F on Person {
      friends { shout }
      friends { shout @skip(if: $no) short @skip(if: true) }
    }
    """
    for executor in (BreadthFirstExecutor, DepthFirstExecutor):
        schema = strawberry.Schema(Looking, execution_context_class=executor)
        for yes in (True, False, True):
            await schema.execute(query, {"yes": yes}, [])
            friends_asked: dict[str, Any] = {"mother": {"name": {}} if yes else {}, "shout": {}}
            expected = {"name": {}, "friends": friends_asked}
            assert seen["look"] == (expected if yes else {**expected, "shout": {}})
