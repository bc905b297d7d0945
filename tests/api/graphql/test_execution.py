"""How operations end whose result is not an ordinary one: `execution`."""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import strawberry
from strawberry.scalars import JSON

from api.graphql.execution import execute
from api.graphql.negotiation import GRAPHQL
from api.graphql.negotiation import JSON as JSON_TYPE
from api.graphql.pacing import Pacing
from api.graphql.places import Places
from api.graphql.request import GraphQLRequest
from api.graphql.response import EncodedResult
from schema.execution.budget import WorkBudget
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.executor import BreadthFirstExecutor
from schema.limits.guard import CheckedQuery
from schema.limits.guarded_schema import GuardedSchema
from schema.limits.limits import Limits
from store.errors import DeadlineExceeded

pytestmark = pytest.mark.anyio


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "world"

    @strawberry.field
    def huge(self) -> JSON:
        return JSON(2**70)

    @strawberry.field
    def escaped(self) -> str:
        return "\0" * 200_000  # six bytes each in JSON

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError("password=hunter2")

    @strawberry.field
    def late(self) -> str | None:
        raise DeadlineExceeded("MongoDB took longer than 5 s.")

    @strawberry.field
    def inner(self) -> "Query":
        return Query()


class BrokenExecutor(BreadthFirstExecutor):
    """An executor that fails outside of any field."""

    def execute_operation(self, *_: object, **__: object) -> Any:
        raise ValueError("password=hunter2")


@dataclass
class Context:
    checked_query: CheckedQuery | None = None
    work: WorkBudget | None = None


async def run(
    query: str,
    executor: type[DepthFirstExecutor] = BreadthFirstExecutor,
    limits: Limits | None = None,
    **extensions: bool,
) -> EncodedResult:
    schema = GuardedSchema(Query, execution_context_class=executor, limits=limits or Limits())
    request = GraphQLRequest(query, None, {}, extensions)
    return await execute(
        schema, query, request, Context(), Pacing(), Places(), is_safe=False, timeout_s=5
    )


def the_error(result: EncodedResult) -> dict[str, Any]:
    """Return the only error of a response that has nothing else."""
    response = orjson.loads(result.body)
    assert list(response) == ["errors"]
    [error] = response["errors"]
    assert isinstance(error, dict)
    return error


async def test_the_length_of_the_encoded_response_is_bounded() -> None:
    limits = Limits(max_response_mb=1)
    result = await run("{ escaped }", limits=limits)
    assert the_error(result) == {
        "message": "The response has 1.1 MiB; 1 MiB are allowed. Request fewer or shorter fields, "
        "or fewer objects with `first`.",
        "extensions": {"code": "QUERY_TOO_EXPENSIVE"},
    }
    assert (result.status(GRAPHQL), result.status(JSON_TYPE)) == (400, 200)
    assert (await run("{ escaped }")).has_data


async def test_the_result_knows_its_operation_and_its_cost() -> None:
    result = await run("# Hi\nquery Greet { hello __schema { queryType { name } } }", cost=True)
    assert (result.operation_name, result.cost, result.outcome) == ("Greet", 0, "ok")
    assert orjson.loads(result.body)["extensions"]["cost"]["limit"] == 10_000


@pytest.mark.parametrize("query", ["query Greet { nothing }", "query Greet { " + "a: hello " * 101 + "}"])  # fmt: skip  # noqa: E501
async def test_a_refused_query_still_has_its_name_and_no_cost(query: str) -> None:
    result = await run(query, cost=True)
    assert (result.operation_name, result.cost, result.has_data) == ("Greet", None, False)
    assert list(orjson.loads(result.body)) == ["errors"]


async def test_an_exception_of_the_executor_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    result = await run("{ hello }", BrokenExecutor)
    error = the_error(result)
    assert result.extra_status == 500
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["message"] == f"Internal error; see {error['extensions']['id']} in the server log."
    [record] = [record for record in caplog.records if record.name == "newsgraph.errors"]
    assert record.exc_info
    assert "hunter2" in logging.Formatter().formatException(record.exc_info)


async def test_errors_are_masked_whatever_the_schema_does() -> None:
    result = await run("{ hello broken late }")
    assert result.codes == ("INTERNAL_SERVER_ERROR", "TIMEOUT")
    assert b"hunter2" not in result.body


async def test_a_result_that_json_cannot_hold_is_an_internal_error() -> None:
    result = await run("{ huge }")
    assert result.extra_status == 500
    assert the_error(result)["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize("query", ["{ late }", "{ __typename inner { __typename late } }"])
async def test_when_everything_took_too_long_the_status_is_504(query: str) -> None:
    result = await run(query)
    assert (result.extra_status, result.codes) == (504, ("TIMEOUT",))
    assert the_error(result)["path"][-1] == "late"


async def test_what_was_in_time_is_returned_beside_what_was_not() -> None:
    result = await run("{ hello late }")
    assert (result.extra_status, result.codes) == (None, ("TIMEOUT",))
    assert orjson.loads(result.body)["data"] == {"hello": "world", "late": None}
