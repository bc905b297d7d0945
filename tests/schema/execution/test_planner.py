"""Plans are made once for a parsed query, kept within bounds, and forget the request.

Covers `planner`, `plan` and `_compat`.
"""

import gc
import weakref

from graphql import DocumentNode, GraphQLSchema, build_schema, execute, parse

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.plan import ObjectPlan
from schema.execution.planner import OperationPlanner, plan_of

SDL = "type Query { a(n: Int): Int b: Int c: Int d: Int e: Int f: Int }"


def planned(schema: GraphQLSchema, document: DocumentNode, **variables: object) -> ObjectPlan:
    executor = BreadthFirstExecutor.build(schema, document, raw_variable_values=variables)
    assert isinstance(executor, BreadthFirstExecutor)
    return plan_of(executor)


def test_a_parsed_query_that_is_used_again_has_its_plan_ready() -> None:
    schema, document = build_schema(SDL), parse("query ($n: Int) { a(n: $n) }")
    assert planned(schema, document, n=1) is planned(schema, document, n=2)
    assert planned(schema, document) is not planned(schema, parse("{ a }"))
    assert planned(schema, document) is not planned(build_schema(SDL), document)


def test_each_combination_of_skip_and_include_has_its_own_plan() -> None:
    schema = build_schema(SDL)
    document = parse(
        "query ($x: Boolean!, $n: Int) { a(n: $n) b @skip(if: $x) ...F } "
        "fragment F on Query { c @include(if: $x) }"
    )
    yes, no = planned(schema, document, x=True, n=1), planned(schema, document, x=False, n=1)
    assert [field.key for field in yes.fields] == ["a", "c"]
    assert [field.key for field in no.fields] == ["a", "b"]
    assert planned(schema, document, x=True, n=2) is yes


def test_a_plan_keeps_only_the_variables_of_skip_and_include() -> None:
    schema = build_schema(SDL)
    document = parse("query ($x: Boolean!, $n: Int) { a(n: $n) b @skip(if: $x) }")
    planner = planned(schema, document, x=True, n=1).fields[0].planner
    assert isinstance(planner, OperationPlanner)
    assert planner.variables.coerced == {"x": True}
    assert planner.variables.sources.keys() == {"x"}


def test_a_schema_is_freed_with_its_plans() -> None:
    schema = build_schema(SDL)
    execute(schema, parse("{ a }"), {}, executor_class=BreadthFirstExecutor)
    gone = weakref.ref(schema)
    del schema
    gc.collect()
    assert gone() is None


def test_each_operation_of_a_document_has_its_own_plan() -> None:
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


def test_unknown_fields_of_a_query_that_was_not_validated_are_left_out() -> None:
    schema, document = build_schema(SDL), parse("{ a nope }")
    for executor in (BreadthFirstExecutor, DepthFirstExecutor):
        result = execute(schema, document, {"a": 1}, executor_class=executor)
        assert result == ({"a": 1}, None)
