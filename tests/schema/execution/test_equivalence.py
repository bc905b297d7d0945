"""Made-up schemas with failing resolvers: both executors respond to made-up queries alike.

The specification leaves open which of several errors is reported where a non-null field makes a
position null, and graphql-core reports the one it meets first, which depends on timing once
resolvers are async. Hence two properties. Without async resolvers the responses are equal to the
last error, in order. With them the data is equal, errors make the same positions null, and every
error is one that graphql-core finds when propagation hides none.

Covers every module of the executor.
"""

import asyncio
import enum
import inspect
import random
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Union

import pytest
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    execute,
    parse,
    validate,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import DictObject, document_field
from schema.execution.executor import BreadthFirstExecutor
from tests.schema.execution.agreement import assert_agreement, shown
from tests.schema.execution.queries import VARIABLES, QueryWriter

Document = dict[str, Any]
SCALARS = (str, int, bool, float, strawberry.ID)
KINDS_SYNC = ("document", "each")
KINDS_ALL = ("document", "each", "each async", "batch", "batch async", "batch slow")


@strawberry.enum
class Color(enum.Enum):
    """A made-up enum."""

    RED = "red"
    BLUE = "blue"


class World:
    """A schema, documents to go with it, and queries."""

    def __init__(self, chance: random.Random, kinds: Sequence[str], trouble: float) -> None:
        self.chance = chance
        self.query_seed = chance.random()
        self.kinds = kinds
        self.trouble = trouble
        self.fields: dict[str, dict[str, Any]] = {}  # of each type: field to Python annotation
        self.failing: set[str] = set()
        self.names = [f"T{n}" for n in range(chance.randint(2, 4))]
        self.types: dict[str, Any] = {}
        self._make_types()
        self.documents = {name: [{"kind": name} for _ in range(3)] for name in self.names}
        for name, documents in self.documents.items():
            for document in documents:
                for field, annotation in {**self.fields["Named"], **self.fields[name]}.items():
                    document[field] = self._value(annotation)
        self.root = {field: self._value(kind) for field, kind in self.fields["Query"].items()}
        self.schema = strawberry.Schema(
            query=self.types["Query"], types=[self.types[name] for name in self.names]
        )._schema

    # --- types

    def _make_types(self) -> None:
        def resolve_type(_cls: object, value: Any, _info: object, _type: object) -> Any:
            return value["kind"]

        def add(name: str, bases: tuple[type, ...], decorator: Callable[[type], Any]) -> None:
            self.fields[name] = {
                f"{name.lower()}_{n}": self._annotation() for n in range(self.chance.randint(1, 4))
            }
            body = {field: self._field(field, kind) for field, kind in self.fields[name].items()}
            annotations = {field: self.fields[name][field] for field in body}
            body["__annotations__"] = annotations
            if name == "Named":
                body["resolve_type"] = classmethod(resolve_type)
            elif name != "Query" and self.chance.random() < 0.5:
                body["is_type_of"] = lambda value, _info: value["kind"] == name
            self.types[name] = decorator(type(name, bases, body))

        # Types name each other before they are there: by lazy annotations of this module.
        globals().update(dict.fromkeys([*self.names, "Named"]))
        add("Named", (), strawberry.interface)
        for name in self.names:
            add(name, (DictObject, self.types["Named"]), strawberry.type)
        members: Any = Union.__getitem__(tuple(self.types[name] for name in self.names[:2]))
        self.types["Either"] = Annotated[members, strawberry.union("Either")]
        add("Query", (), strawberry.type)
        globals().update({name: self.types[name] for name in [*self.names, "Named"]})

    def _annotation(self) -> Any:
        kind = self.chance.random()
        if kind < 0.45:
            kinds: list[type] = [*SCALARS, Color]
            annotation: Any = self.chance.choice(kinds)
        else:
            named = self.chance.choice([*self.names, "Named"])
            annotation = Annotated[named, strawberry.lazy(__name__)]
            if "Either" in self.types and self.chance.random() < 0.5:
                annotation = self.types["Either"]
        for _ in range(self.chance.choice([0, 0, 1, 1, 2])):
            annotation = list[self._maybe(annotation)]  # type: ignore[misc]
        return self._maybe(annotation)

    def _maybe(self, annotation: Any) -> Any:
        return annotation if self.chance.random() < 0.5 else Union[annotation, None]  # noqa: UP007

    def _field(self, name: str, annotation: Any) -> Any:
        kind = self.chance.choice(self.kinds)
        fails = self.chance.random() < self.trouble / 2

        def of(document: Any) -> Any:
            return document.get(name)

        if kind == "document":
            return document_field(description="d", key=name, name=name)
        if kind.startswith("each"):

            def each(root: Any, _info: Info, plus: int = 0, word: str | None = None) -> Any:
                assert word is None  # no query has this argument
                if isinstance(value := of(root), Exception):
                    raise value
                return value + plus if type(value) is int else value

            async def each_async(
                root: Any, info: Info, plus: int = 0, word: str | None = None
            ) -> Any:
                return each(root, info, plus, word)

            resolver: Any = each if kind == "each" else each_async
            resolver.__annotations__["return"] = annotation
            return strawberry.field(resolver=resolver, name=name)

        def results(parents: Sequence[Any], plus: int) -> list[Any]:
            if fails:
                raise ValueError(f"{name} fails")
            values = [of(parent) for parent in parents]
            return [value + plus if type(value) is int else value for value in values]

        def batch(
            parents: Sequence[Any], _info: Info, plus: int = 0, word: str | None = None
        ) -> Any:
            assert word is None
            return results(parents, plus)

        async def batch_async(
            parents: Sequence[Any], _info: Info, plus: int = 0, word: str | None = None
        ) -> Any:
            assert word is None
            if kind == "batch slow":
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            return results(parents, plus)

        resolver = batch if kind == "batch" else batch_async
        resolver.__annotations__["return"] = annotation
        return batched(description="d", name=name)(resolver)

    # --- values, some of them wrong

    def _value(self, annotation: Any) -> Any:
        if self.chance.random() < self.trouble:
            return self.chance.choice(
                [None, ValueError("broken"), GraphQLError("refused"), "text", 7, [], {}, object]
            )
        if getattr(annotation, "__origin__", None) is Union:
            inner = next(kind for kind in annotation.__args__ if kind is not type(None))
            return None if self.chance.random() < 0.2 else self._value(inner)
        if getattr(annotation, "__origin__", None) is list:
            items = [self._value(annotation.__args__[0]) for _ in range(self.chance.randint(0, 3))]
            return tuple(items) if self.chance.random() < 0.1 else items
        if annotation in SCALARS:
            values: dict[Any, list[object]] = {
                str: ["a", "b", ""],
                int: [1, -5, 2**31],
                bool: [True, False],
            }
            return self.chance.choice(values.get(annotation, [1.5, 2]))
        if annotation is Color:
            return self.chance.choice([Color.RED, Color.BLUE])
        if annotation is self.types["Either"]:
            name = self.chance.choice(self.names[:2])
        elif (name := annotation.__args__[0].__forward_arg__) == "Named":
            name = self.chance.choice(self.names)
        if self.chance.random() < self.trouble / 2:
            return {"kind": self.chance.choice([None, 3, "Nowhere", "Query", "Color"])}
        return self.chance.choice(self.documents[name])

    # --- queries

    def query(self, directives: str = "") -> str:
        """Write a query; with the same seed it is the same."""

        def arguments(_name: str, field: GraphQLField, chance: random.Random) -> str:
            if not field.args or chance.random() < 0.5:
                return ""
            return f"plus: {chance.choice(['1', '2', '$two', '$unset'])}"

        chance = random.Random(self.query_seed)  # noqa: S311 - not a secret
        return QueryWriter(self.schema, chance, arguments).query(4, directives)


def execute_with(
    world: World, document: DocumentNode, executor: type[DepthFirstExecutor]
) -> ExecutionResult:
    """Execute, awaiting the result if it is not there at once."""

    async def run() -> ExecutionResult:
        result: Any = execute(
            world.schema, document, world.root, variable_values=VARIABLES, executor_class=executor
        )
        result = await result if inspect.isawaitable(result) else result
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if executor is BreadthFirstExecutor:
            assert not left
        while left:  # graphql-core finishes in the background what it no longer needs
            await asyncio.wait(left)
            left = asyncio.all_tasks() - {asyncio.current_task()}
        assert isinstance(result, ExecutionResult)
        return result

    return asyncio.run(run())


def made_up(kinds: Sequence[str]) -> st.SearchStrategy[tuple[World, str]]:
    """Worlds with queries, with and without wrong values."""

    def make(seed: int, trouble: float) -> tuple[World, str]:
        world = World(random.Random(seed), kinds, trouble)  # noqa: S311 - not a secret
        return world, world.query()

    return st.builds(make, st.integers(0, 2**32), st.sampled_from([0.0, 0.02, 0.1, 0.3]))


many = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))


@many
@given(made_up(KINDS_SYNC))
def test_without_async_resolvers_the_responses_are_equal(made: tuple[World, str]) -> None:
    world, query = made
    document = parse(query)
    assume(not validate(world.schema, document))
    expected = execute_with(world, document, DepthFirstExecutor)
    for _ in range(2):  # the second time with the plan of the first
        found = execute_with(world, document, BreadthFirstExecutor)
        assert_agreement(found, expected)
        assert shown(found.errors) == shown(expected.errors)


@pytest.mark.usefixtures("forgiving")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@many
@given(made_up(KINDS_ALL))
def test_with_async_resolvers_the_data_and_the_nulls_made_by_errors_are_equal(
    made: tuple[World, str],
) -> None:
    world, query = made
    document = parse(query)
    assume(not validate(world.schema, document))
    expected = execute_with(world, document, DepthFirstExecutor)
    found = execute_with(world, document, BreadthFirstExecutor)
    assert_agreement(found, expected)
    unhidden = parse(world.query("@experimental_disableErrorPropagation"))
    every = execute_with(world, unhidden, DepthFirstExecutor)

    def messages_and_paths(result: ExecutionResult) -> set[tuple[str, str]]:
        return {(error.message, repr(error.path)) for error in result.errors or ()}

    assert messages_and_paths(found) <= messages_and_paths(every)
