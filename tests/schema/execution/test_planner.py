"""Plans are made once for a parsed document, kept within bounds, and forget the request."""

import gc
import weakref
from collections.abc import Sequence
from typing import Any, NewType

import strawberry
from graphql import DocumentNode, GraphQLSchema, build_schema, execute, parse
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.plan import ObjectPlan
from schema.execution.planner import MAX_BRANCHES, MAX_OPERATIONS, OperationPlanner, plan_of

Anything = NewType("Anything", object)
ANYTHING = strawberry.scalar(name="Anything")

SDL = "type Query { a(n: Int): Int b: Int c: Int d: Int e: Int f: Int }"


def planned(schema: GraphQLSchema, document: DocumentNode, **variables: Any) -> ObjectPlan:
    executor = BreadthFirstExecutor.build(schema, document, raw_variable_values=variables)
    assert isinstance(executor, BreadthFirstExecutor)
    return plan_of(executor)


def test_a_document_that_is_used_again_has_its_plan_ready() -> None:
    schema, document = build_schema(SDL), parse("query ($n: Int) { a(n: $n) }")
    assert planned(schema, document, n=1) is planned(schema, document, n=2)
    assert planned(schema, document) is not planned(schema, parse("{ a }"))
    assert planned(schema, document) is not planned(build_schema(SDL), document)


def test_each_way_to_branch_has_a_plan_of_its_own() -> None:
    schema = build_schema(SDL)
    document = parse(
        "query ($x: Boolean!, $n: Int) { a(n: $n) b @skip(if: $x) ...F } "
        "fragment F on Query { c @include(if: $x) }"
    )
    yes, no = planned(schema, document, x=True, n=1), planned(schema, document, x=False, n=1)
    assert [field.key for field in yes.fields] == ["a", "c"]
    assert [field.key for field in no.fields] == ["a", "b"]
    assert planned(schema, document, x=True, n=2) is yes


def test_a_plan_keeps_no_variables_of_its_request_but_those_it_branched_on() -> None:
    schema = build_schema(SDL)
    document = parse("query ($x: Boolean!, $n: Int) { a(n: $n) b @skip(if: $x) }")
    planner = planned(schema, document, x=True, n=1).fields[0].planner
    assert isinstance(planner, OperationPlanner)
    assert planner.variables.coerced == {"x": True}
    assert planner.variables.sources.keys() == {"x"}


def test_the_plans_that_are_kept_are_bounded() -> None:
    schema = build_schema(SDL)
    for _ in range(MAX_OPERATIONS + 5):
        planned(schema, parse("{ a }"))
    (kept,) = schema.extensions.values()
    assert len(kept) == MAX_OPERATIONS
    names = "abcdef"
    declared = " ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name} @skip(if: ${name})" for name in names)
    document = parse(f"query ({declared}) {{ {fields} e2: e }}")
    for number in range(2 ** len(names)):
        flags = {name: bool(number >> bit & 1) for bit, name in enumerate(names)}
        planned(schema, document, **flags)
    assert len(kept[id(document.definitions[0])].plans) == MAX_BRANCHES


def test_a_schema_and_its_plans_go_together() -> None:
    schema = build_schema(SDL)
    execute(schema, parse("{ a }"), {}, executor_class=BreadthFirstExecutor)
    gone = weakref.ref(schema)
    del schema
    gc.collect()
    assert gone() is None


def test_several_operations_in_a_document_have_a_plan_each() -> None:
    schema, document = build_schema(SDL), parse("query A { a } query B { b }")
    for name, expected in (("A", {"a": 1}), ("B", {"b": 2}), ("A", {"a": 1})):
        result = execute(
            schema,
            document,
            {"a": 1, "b": 2},
            operation_name=name,
            executor_class=BreadthFirstExecutor,
        )
        assert result == (expected, None)


def test_arguments_are_made_again_only_for_other_values() -> None:
    seen: list[Any] = []

    @strawberry.input
    class Wish:
        size: int | None = 7
        anything: Anything | None = strawberry.UNSET

    def note(parents: Sequence[Any], info: Info, wish: Wish) -> bool:
        seen.append(wish)
        return [True for _ in parents]  # type: ignore[return-value]

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

    def wish(**variables: Any) -> Any:
        execute(
            schema._schema,
            document,
            variable_values=variables,
            executor_class=BreadthFirstExecutor,
        )
        return seen[-1]

    assert wish().size == 7
    assert wish(size=None).size is None
    # 1 and True are equal: what was made of one must not serve the other.
    assert wish(any=1).anything is not True
    assert wish(any=True).anything is True
    # Sizes come again and again; texts may be large, and are not kept.
    assert wish(size=5) is wish(size=5)
    assert wish(size=5) is not wish(size=6)
    assert wish(any="now") is not wish(any="now")
