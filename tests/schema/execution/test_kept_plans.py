"""Plans are kept for later requests, within a bound on what they weigh together."""

import gc
import weakref
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, execute, parse

from schema.execution.executor import BreadthFirstExecutor
from schema.execution.kept_plans import MAX_BRANCHES, MAX_FIELDS, MAX_OPERATION_FIELDS, KeptPlans
from schema.execution.planner import OperationPlan
from tests.schema.execution.conftest import document_schema

SDL = "type Query { a: Query b: Int c: Int d: Int e: Int f: Int }"
ROOT: dict[str, Any] = {"a": {"a": {"b": 1}}, "b": 1}
FIELDS = "b c d e f"


def run(schema: GraphQLSchema, document: DocumentNode, **variables: object) -> None:
    result = execute(
        schema, document, ROOT, variable_values=variables, executor_class=BreadthFirstExecutor
    )
    assert not getattr(result, "errors", None)


def operation(document: DocumentNode) -> OperationDefinitionNode:
    (definition, *_) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def kept_by(schema: GraphQLSchema) -> KeptPlans[OperationPlan]:
    return KeptPlans.of(schema)


def wide(aliases: int, number: int = 0) -> DocumentNode:
    """Return a query that plans six fields for each of its aliases, most of them late."""
    selected = " ".join(f"a{alias}: a {{ ...F }}" for alias in range(aliases))
    return parse(f"query Q{number} {{ {selected} }} fragment F on Query {{ {FIELDS} }}")


def test_a_plan_weighs_more_after_it_grew() -> None:
    schema, document = document_schema(SDL), parse("{ b a { b a { b } } }")
    run(schema, document)
    planned = kept_by(schema).get(operation(document))
    assert planned
    assert [plan.fields for plan in planned.plans.values()] == [5]
    assert kept_by(schema).weight == planned.weight


def test_a_thousand_queries_do_not_outgrow_the_bound() -> None:
    schema = document_schema(SDL)
    documents = [wide(5, number) for number in range(1000)]
    for document in documents:
        run(schema, document)
        assert kept_by(schema).weight <= MAX_FIELDS
    kept = [kept_by(schema).get(operation(document)) for document in documents]
    fields = sum(plan.fields for found in kept if found for plan in found.plans.values())
    assert MAX_FIELDS / 2 < fields <= MAX_FIELDS
    assert kept[-1]
    assert kept[0] is None


def test_an_operation_that_grows_too_large_is_not_kept() -> None:
    schema = document_schema(SDL)
    small, large = parse("{ b }"), wide(MAX_OPERATION_FIELDS // 6 + 10)
    run(schema, small)
    run(schema, large)
    assert kept_by(schema).get(operation(large)) is None
    assert kept_by(schema).get(operation(small))
    assert len(kept_by(schema)) == 1


def test_a_long_query_of_few_fields_weighs_as_much_as_its_syntax_tree() -> None:
    schema = document_schema(SDL)
    comments = "# long\n" * 5000
    document = parse(comments + "{ b }")
    run(schema, document)
    planned = kept_by(schema).get(operation(document))
    assert planned
    assert planned.weight > 1000


def test_few_combinations_of_skip_and_include_are_kept() -> None:
    schema = document_schema(SDL)
    names = "bcdef"
    declared = " ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name} @skip(if: ${name})" for name in names)
    document = parse(f"query ({declared}) {{ {fields} g: b }}")
    for number in range(2 ** len(names)):
        run(schema, document, **{name: bool(number >> bit & 1) for bit, name in enumerate(names)})
    planned = kept_by(schema).get(operation(document))
    assert planned
    assert len(planned.plans) == MAX_BRANCHES


def test_a_plan_is_freed_when_it_is_no_longer_kept() -> None:
    schema, document = document_schema(SDL), parse("{ a { b } }")
    run(schema, document)
    planned = kept_by(schema).get(operation(document))
    assert planned
    (plan,) = planned.plans.values()
    gone = weakref.ref(plan.planner)
    del plan, planned
    gc.disable()
    try:
        for number in range(MAX_FIELDS // 3000 + 1):
            run(schema, wide(500, number))
        assert gone() is None
    finally:
        gc.enable()
