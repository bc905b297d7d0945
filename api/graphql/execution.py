"""Executes one operation within its deadline, and encodes its result."""

import asyncio
from collections.abc import Mapping
from typing import Protocol, TypedDict

import orjson
import strawberry
from graphql import GraphQLError, GraphQLFormattedError
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from api.graphql.pacing import Pacing
from api.graphql.places import Places
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest
from api.graphql.response import REQUEST_ID, EncodedResult
from schema.errors import ErrorCode, error_json, errors_body, public_errors
from schema.execution.budget import WorkBudget
from schema.limits.guard import CheckedQuery
from schema.limits.guarded_schema import CheckedContext
from schema.limits.limits import Limits
from store.monitoring import Calls, count_calls

# Results are cached: an operation that changes something must never be taken for a query.
_SERVED = (OperationType.QUERY,)


class ServedContext(CheckedContext, Protocol):
    """What a request's `context_value` needs to receive what was found out about the request."""

    work: WorkBudget | None
    """Set when the query is executed."""


async def execute(
    schema: strawberry.Schema,
    query: str,
    request: GraphQLRequest,
    context: ServedContext,
    pacing: Pacing,
    places: Places,
    *,
    is_safe: bool,
    timeout_s: float,
) -> EncodedResult:
    """Execute the request's operation in `query`.

    `is_safe` means that the HTTP method is (RFC 9110, section 9.2.1). Raises Refusal.
    """
    calls = count_calls() if request.wants_cost else None
    try:
        async with asyncio.timeout(timeout_s):
            await pacing.turn(query)
            async with places.taken():
                result = await schema.execute(
                    query,
                    variable_values=request.variables,
                    context_value=context,
                    operation_name=request.operation_name,
                    allowed_operation_types=_SERVED,
                    operation_extensions=request.extensions,
                )
    except TimeoutError:
        message = f"The query took longer than {timeout_s:g} seconds; request less at once."
        errors = [error_json(message, ErrorCode.TIMEOUT)]
        used = _used(context.work, context.checked_query)
        return _encode_errors(errors, context.checked_query, status=504, used=used)
    except InvalidOperationTypeError as error:
        if is_safe and error.operation_type is OperationType.MUTATION:
            raise Refusal(405, "Send mutations with POST.", headers={"allow": "POST"}) from None
        message = f"This API has no {error.operation_type.value}s; send a query."
        if error.operation_type is OperationType.SUBSCRIPTION:
            message = "Send accept: text/event-stream for a subscription, or send a query."
        errors = [error_json(message, ErrorCode.BAD_USER_INPUT)]
        if checked := context.checked_query:  # errors come first of what is not valid anyway
            errors = [_format(one) for one in public_errors(checked.errors)] or errors
        return _encode_errors(errors, checked)
    pacing.remember(query, context.checked_query)
    used = _used(context.work, context.checked_query)
    return _encode(result, context.checked_query, used, calls)


def _encode(
    result: ExecutionResult, checked: CheckedQuery | None, used: int, calls: Calls | None
) -> EncodedResult:
    errors = public_errors(result.errors or ())  # done already, if this is our own schema
    formatted = [_format(error) for error in errors]
    codes = _codes(formatted)
    extensions = dict(result.extensions or {})
    if calls and checked:
        extensions |= _cost_report(checked, used, calls)
    # Errors without a path: a query or variables that cannot be executed.
    if result.data is None and all(error.path is None for error in errors):
        status = 500 if ErrorCode.INTERNAL_SERVER_ERROR in codes else None
        return _encode_errors(formatted, checked, status=status, extensions=extensions, used=used)
    status = _status_of_failure(codes)
    if status and not _has_values(result.data):
        return _encode_errors(formatted, checked, status=status, used=used)
    response: dict[str, object] = {"data": result.data}
    if formatted:
        response["errors"] = formatted
    if extensions:
        response["extensions"] = extensions
    try:
        body = orjson.dumps(response)
    except orjson.JSONEncodeError as error:
        cause = GraphQLError("The result is not JSON.", original_error=error)
        formatted = [_format(error) for error in public_errors([cause])]
        return _encode_errors(formatted, checked, status=500, used=used)
    if checked and len(body) > checked.limits.max_response:
        return _encode_errors([_too_large(len(body), checked.limits)], checked, used=used)
    return EncodedResult(
        body,
        codes=codes,
        operation_name=checked.operation_name if checked else None,
        cost=checked.cost.total if checked and checked.cost else None,
        used=used,
    )


def _encode_errors(
    errors: list[GraphQLFormattedError],
    checked: CheckedQuery | None,
    *,
    status: int | None = None,
    extensions: Mapping[str, object] | None = None,
    used: int = 1,
) -> EncodedResult:
    """Encode a response without `data`, rather than with data full of null."""
    return EncodedResult(
        errors_body(errors, extensions),
        has_data=False,
        codes=_codes(errors),
        extra_status=status,
        operation_name=checked.operation_name if checked else None,
        used=used,
    )


def _too_large(size: int, limits: Limits) -> GraphQLFormattedError:
    """Return the error of a response that was counted as small enough, but for its escapes."""
    message = (
        f"The response has {size / 2**20:,.1f} MiB; {limits.max_response_mb:,} MiB are allowed. "
        "Request fewer or shorter fields, or fewer objects with `first`."
    )
    return error_json(message, ErrorCode.QUERY_TOO_EXPENSIVE)


def _status_of_failure(codes: tuple[str, ...]) -> int | None:
    """Return the status of a response without data because of the database; None without cause."""
    if ErrorCode.UNAVAILABLE in codes:
        return 503
    return 504 if ErrorCode.TIMEOUT in codes else None


def _has_values(value: object) -> bool:
    """Return whether anything was read: more than null, type names, and objects of only these."""
    if isinstance(value, dict):
        return any(_has_values(below) for key, below in value.items() if key != "__typename")
    return value is not None


def _codes(errors: list[GraphQLFormattedError]) -> tuple[str, ...]:
    return tuple([error["extensions"]["code"] for error in errors])


def _format(error: GraphQLError) -> GraphQLFormattedError:
    """Return an error as the response has it: an internal one with a place for the request's id."""
    formatted = error.formatted
    extensions = formatted["extensions"]
    if extensions["code"] == ErrorCode.INTERNAL_SERVER_ERROR:
        formatted["extensions"] = {**extensions, "requestId": REQUEST_ID}
    return formatted


class _CostReport(TypedDict):
    requested: int
    used: int
    limit: int
    depth: int
    databaseCalls: int


def _used(work: WorkBudget | None, checked: CheckedQuery | None) -> int:
    """Return the objects of a response, with what counts, facets and searches cost; at least 1."""
    cost = checked.cost if checked else None
    scans = cost.scans if cost else 0
    return max(1, (work.objects if work else 0) + scans)


def _cost_report(checked: CheckedQuery, used: int, calls: Calls) -> dict[str, _CostReport]:
    cost = checked.cost
    if cost is None:
        return {}
    return {
        "cost": {
            "requested": cost.total,
            "used": used,
            "limit": checked.limits.max_cost,
            "depth": cost.depth,
            "databaseCalls": calls.number,
        }
    }
