"""A schema that executes what its guard has checked."""

from dataclasses import dataclass

import pytest
import strawberry
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from schema.limits.guard import CheckedQuery
from schema.limits.guarded_schema import GuardedSchema
from schema.limits.limits import Limits
from schema.limits.sizes import assumed_size

pytestmark = pytest.mark.anyio


@strawberry.type
class Leaf:
    name: str = "leaf"


def no_leaves() -> list[Leaf]:
    return []


@strawberry.type
class Query:
    leaves: list[Leaf] = strawberry.field(resolver=no_leaves, metadata=assumed_size(4))

    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf()

    @strawberry.field
    def some(self, first: int = 3) -> list[Leaf]:
        return [Leaf()] * first


@dataclass
class Context:
    """A request's context, for the guard to fill in."""

    checked_query: CheckedQuery | None = None


@pytest.fixture
def schema() -> strawberry.Schema:
    return GuardedSchema(Query, limits=Limits(max_cost=10))


async def test_executes_accepted_queries(schema: strawberry.Schema) -> None:
    for _ in range(2):
        result = await schema.execute("{some(first:1){name}}")
        assert (result.data, result.errors) == ({"some": [{"name": "leaf"}]}, None)
    assert schema.execute_sync("{leaf{name}}").data == {"leaf": {"name": "leaf"}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("{some(first:11){name}}", "QUERY_TOO_EXPENSIVE"),
        ("{a" * 20_000, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_every_refusal_has_a_code(schema: strawberry.Schema, query: str, code: str) -> None:
    for result in (await schema.execute(query), schema.execute_sync(query)):
        assert result.data is None
        assert [(error.extensions or {})["code"] for error in result.errors or ()] == [code]


async def checked(schema: strawberry.Schema, query: str) -> CheckedQuery:
    context = Context()
    await schema.execute(query, context_value=context)
    assert context.checked_query
    return context.checked_query


async def test_the_context_gets_what_was_found_out_about_the_query(
    schema: strawberry.Schema,
) -> None:
    query = await checked(schema, "query Three{some{name}}")
    assert query.operation_name == "Three"
    assert query.cost
    assert (query.cost.objects, query.cost.depth, query.limits.max_cost) == (3, 2, 10)
    for refused in ("query Three{some(first:11){name}}", "query Three{nothing}"):
        query = await checked(schema, refused)
        assert (query.operation_name, query.cost) == ("Three", None)


async def test_a_dict_may_be_the_context(schema: strawberry.Schema) -> None:
    result = await schema.execute("{leaf{name}}", context_value={"user": "me"})
    assert (result.data, result.errors) == ({"leaf": {"name": "leaf"}}, None)


async def test_takes_the_assumed_size_of_a_strawberry_field_from_its_metadata(
    schema: strawberry.Schema,
) -> None:
    query = await checked(schema, "{leaves{name}}")
    assert query.cost
    assert query.cost.objects == 4


async def test_each_schema_has_its_own_guard(schema: strawberry.Schema) -> None:
    other = GuardedSchema(Query, limits=Limits(max_cost=2))
    assert (await schema.execute("{some{name}}")).errors is None
    assert (await other.execute("{some{name}}")).errors is not None


async def test_executes_the_operation_that_the_request_names(schema: strawberry.Schema) -> None:
    query = "query A($n:Int!){some(first:$n){name}} query B{leaf{name}}"
    result = await schema.execute(query, operation_name="B")
    assert result.data == {"leaf": {"name": "leaf"}}
    result = await schema.execute(query, operation_name="A", variable_values={"n": 99})
    assert result.errors
    assert (result.errors[0].extensions or {})["code"] == "QUERY_TOO_EXPENSIVE"


async def test_a_refused_kind_of_operation_is_told_before_other_errors(
    schema: strawberry.Schema,
) -> None:
    context = Context()
    with pytest.raises(InvalidOperationTypeError):
        await schema.execute(
            "mutation M{nothing}",
            context_value=context,
            allowed_operation_types=[OperationType.QUERY],
        )
    assert context.checked_query
    assert context.checked_query.errors


async def test_there_is_no_way_around_the_guard(schema: strawberry.Schema) -> None:
    for query in ("", None):
        with pytest.raises(MissingQueryError):
            await schema.execute(query)
    with pytest.raises(TypeError):
        GuardedSchema(Query, limits=Limits(), extensions=[SchemaExtension])
    with pytest.raises(NotImplementedError):
        await schema.subscribe("subscription{nothing}")
