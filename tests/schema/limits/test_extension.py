"""The gate inside of a Strawberry schema."""

from types import SimpleNamespace
from typing import Any

import pytest
import strawberry

from schema.limits.extension import limits_extension
from schema.limits.limits import Limits
from schema.limits.sizes import assumed_size

pytestmark = pytest.mark.anyio


@strawberry.type
class Leaf:
    name: str = "leaf"


@strawberry.type
class Query:
    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf()

    @strawberry.field(metadata=assumed_size(4))
    def leaves(self) -> list[Leaf]:
        return []

    @strawberry.field
    def some(self, first: int = 3) -> list[Leaf]:
        return [Leaf()] * first


@pytest.fixture
def schema() -> strawberry.Schema:
    return strawberry.Schema(Query, extensions=[limits_extension(Limits(max_cost=10))])


async def test_executes_what_is_admitted(schema):
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
async def test_gives_every_refusal_a_code(schema, query, code):
    for result in (await schema.execute(query), schema.execute_sync(query)):
        assert result.data is None
        assert [error.extensions["code"] for error in result.errors] == [code]


async def test_reports_the_price_of_an_accepted_query_when_asked_to(schema):
    async def report(query: str, context: Any) -> Any:
        return (await schema.execute(query, context_value=context)).extensions.get("cost")

    asking, silent = SimpleNamespace(report_cost=True), SimpleNamespace(report_cost=False)
    expected = {"requested": 3, "limit": 10, "depth": 2}
    assert await report("{some{name}}", asking) == expected
    assert await report("{some{name}}", silent) is None
    assert await report("{some{name}}", None) is None
    assert await report("{some(first:11){name}}", asking) is None


async def test_takes_the_assumed_size_of_a_strawberry_field_from_its_metadata(schema):
    context = SimpleNamespace(report_cost=True)
    result = await schema.execute("{leaves{name}}", context_value=context)
    assert result.extensions["cost"]["requested"] == 4


async def test_each_schema_has_a_gate_of_its_own(schema):
    other = strawberry.Schema(Query, extensions=[limits_extension(Limits(max_cost=2))])
    assert (await schema.execute("{some{name}}")).errors is None
    assert (await other.execute("{some{name}}")).errors is not None


async def test_runs_the_operation_that_the_request_names(schema):
    query = "query A($n:Int!){some(first:$n){name}} query B{leaf{name}}"
    result = await schema.execute(query, operation_name="B")
    assert result.data == {"leaf": {"name": "leaf"}}
    result = await schema.execute(query, operation_name="A", variable_values={"n": 99})
    assert result.errors[0].extensions["code"] == "QUERY_TOO_EXPENSIVE"
