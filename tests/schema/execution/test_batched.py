"""Batched fields: one call of a resolver for each path in the response, by both executors.

Covers `batched` and `depth_first`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import pytest
import strawberry
from strawberry.types import ExecutionResult, Info

from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor

pytestmark = pytest.mark.anyio

Document = dict[str, Any]
Parents = Sequence[Document]
Calls = list[tuple[object, ...]]
Ask = Callable[..., Awaitable[tuple[ExecutionResult, Calls]]]
T = TypeVar("T")

PEOPLE: dict[str, Document] = {
    "ann": {"name": "ann", "friends": ["bob", "cy"], "mother": "eve"},
    "bob": {"name": "bob", "friends": ["ann"], "mother": "eve"},
    "cy": {"name": "cy", "friends": []},
    "eve": {"name": "eve", "friends": ["ann", "bob"]},
}


async def friends_of(
    parents: Parents, info: Info, first: int | None = None, but: list[str] | None = None
) -> list[Parents]:
    info.context.append(("friends", [parent["name"] for parent in parents], first, but))
    return [
        [PEOPLE[name] for name in parent["friends"] if name not in (but or ())][:first]
        for parent in parents
    ]


async def mother_of(parents: Parents, info: Info) -> list[Document | Exception | None]:
    info.context.append(("mother", [parent["name"] for parent in parents]))
    return [
        ValueError("bob does not say")
        if parent is PEOPLE["bob"]
        else PEOPLE.get(parent.get("mother", ""))
        for parent in parents
    ]


def shout(parents: Parents, info: Info) -> list[str]:
    info.context.append(("shout", [parent["name"] for parent in parents]))
    return [parent["name"].upper() for parent in parents]


def one_too_few(parents: Parents, _info: Info) -> list[str]:
    return ["x"] * (len(parents) - 1)


@strawberry.type
class Person:
    """A person, with friends."""

    name: str = document_field(description="")
    friends: list[Annotated["Person", strawberry.lazy(__name__)]] = batched(description="")(
        friends_of
    )
    mother: Annotated["Person", strawberry.lazy(__name__)] | None = batched(description="")(
        mother_of
    )
    shout: str = batched(description="")(shout)
    short: str | None = batched(description="")(one_too_few)


async def person(parents: Sequence[None], info: Info, name: str) -> list[Document | None]:
    info.context.append(("person", parents, name))
    return [PEOPLE.get(name)] * len(parents)


@strawberry.type
class Query:
    """The root."""

    person: Person | None = batched(description="")(person)


@pytest.fixture(params=[BreadthFirstExecutor, DepthFirstExecutor])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Execute, and note the calls that resolvers get."""
    schema = strawberry.Schema(Query, execution_context_class=request.param)

    async def execute(query: str, **variables: object) -> tuple[ExecutionResult, Calls]:
        calls: Calls = []
        return await schema.execute(query, variables, calls), calls

    return execute


async def test_each_path_in_the_response_takes_one_call_for_all_objects(ask: Ask) -> None:
    result, calls = await ask(
        '{ person(name: "ann") { friends { shout friends { name mother { name } } } } }'
    )
    assert result.errors is None
    assert result.data == {
        "person": {
            "friends": [
                {"shout": "BOB", "friends": [{"name": "ann", "mother": {"name": "eve"}}]},
                {"shout": "CY", "friends": []},
            ]
        }
    }
    assert calls == [
        ("person", [None], "ann"),
        ("friends", ["ann"], None, None),
        ("shout", ["bob", "cy"]),
        ("friends", ["bob", "cy"], None, None),
        ("mother", ["ann"]),
    ]


async def test_aliases_are_separate_calls_with_separate_arguments(ask: Ask) -> None:
    result, calls = await ask(
        """query ($n: Int, $but: [String!], $none: Int) { person(name: "eve") {
          one: friends(first: $n, but: $but) { name }
          all: friends(first: $none) { name }
        } }""",
        n=1,
        but=["ann"],
    )
    assert result.errors is None
    assert result.data == {
        "person": {"one": [{"name": "bob"}], "all": [{"name": "ann"}, {"name": "bob"}]}
    }
    assert calls[1:] == [("friends", ["eve"], 1, ["ann"]), ("friends", ["eve"], None, None)]


async def test_no_resolver_is_called_without_objects(ask: Ask) -> None:
    result, calls = await ask(
        '{ person(name: "cy") { friends { mother { name } } } x: person(name: "z") { shout } }'
    )
    assert (result.data, result.errors) == ({"person": {"friends": []}, "x": None}, None)
    assert [call[0] for call in calls] == ["person", "person", "friends"]


async def test_an_exception_among_the_results_is_the_error_of_its_parent_alone(ask: Ask) -> None:
    result, calls = await ask('{ person(name: "eve") { friends { mother { name } } } }')
    assert result.data == {"person": {"friends": [{"mother": {"name": "eve"}}, {"mother": None}]}}
    assert [(error.message, error.path) for error in result.errors or ()] == [
        ("bob does not say", ["person", "friends", 1, "mother"])
    ]
    assert calls[-1] == ("mother", ["ann", "bob"])


async def test_too_few_results_are_an_error_of_every_parent(ask: Ask) -> None:
    result, _ = await ask('{ person(name: "eve") { friends { short } } }')
    assert result.data == {"person": {"friends": [{"short": None}, {"short": None}]}}
    assert {error.message for error in result.errors or ()} == {
        "short got 1 results for 2 parents."
    }


async def test_other_executors_call_batch_resolvers_for_one_parent_each() -> None:
    schema, calls = strawberry.Schema(Query), Calls()
    query = '{ person(name: "eve") { friends { shout mother { name } } } }'
    result = await schema.execute(query, context_value=calls)
    assert result.data == {
        "person": {
            "friends": [
                {"shout": "ANN", "mother": {"name": "eve"}},
                {"shout": "BOB", "mother": None},
            ]
        }
    }
    assert [error.message for error in result.errors or ()] == ["bob does not say"]
    assert [call for call in calls if call[0] == "shout"] == [
        ("shout", ["ann"]),
        ("shout", ["bob"]),
    ]


async def test_a_generic_types_batched_fields_are_batched_in_each_of_its_types() -> None:
    @strawberry.type
    class Page(Generic[T]):
        nodes: list[T] = document_field(description="")
        shout: str = batched(description="")(shout)

    @strawberry.type
    class Root:
        pages: list[Page[Person]] = document_field(description="")

    schema = strawberry.Schema(Root, execution_context_class=BreadthFirstExecutor)
    pages = [{"name": "one", "nodes": [PEOPLE["ann"]]}, {"name": "two", "nodes": []}]
    calls: Calls = []
    result = await schema.execute(
        "{ pages { shout nodes { name } } }", context_value=calls, root_value={"pages": pages}
    )
    assert result.data == {
        "pages": [{"shout": "ONE", "nodes": [{"name": "ann"}]}, {"shout": "TWO", "nodes": []}]
    }
    assert calls == [("shout", ["one", "two"])]
