"""One operation through the schema, within its deadline, to an answer without secrets."""

import asyncio
import re
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode, parse
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from api.graphql.answer import Answer, encode, encode_refusal
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest
from api.observability.logs import request_id
from schema.errors import ErrorCode, public

# Answers are kept: an operation that changes something must never be taken for a query.
_SERVED = (OperationType.QUERY,)
_WHICH = "operationName must name one of the document's operations."
_KEYWORD = re.compile(r"\b(?:query|mutation|subscription)\b")
_MAX_TOKENS = 4_000


async def execute(
    schema: strawberry.Schema,
    query: str,
    request: GraphQLRequest,
    context: Any,
    *,
    safe: bool,
    timeout_s: float,
) -> Answer:
    """Run a query; `safe` tells that it came by GET. Raises Refusal."""
    if request.operation_name is None and _is_ambiguous(query):
        return encode_refusal([_error(_WHICH, ErrorCode.BAD_USER_INPUT)])
    try:
        async with asyncio.timeout(timeout_s):
            result = await schema.execute(
                query,
                variable_values=request.variables,
                context_value=context,
                operation_name=request.operation_name,
                allowed_operation_types=_SERVED,
                operation_extensions=request.extensions,
            )
    except TimeoutError:
        message = f"The query took longer than {timeout_s:g} seconds; ask for less at once."
        return encode_refusal([_error(message, ErrorCode.TIMEOUT)], status=504)
    except InvalidOperationTypeError as error:
        if safe and error.operation_type is OperationType.MUTATION:
            raise Refusal(405, "Send mutations with POST.", headers={"allow": "POST"}) from None
        message = f"A {error.operation_type.value} is not served here; send a query."
        return encode_refusal([_error(message, ErrorCode.BAD_USER_INPUT)])
    except CannotGetOperationTypeError:
        return encode_refusal([_error(_WHICH, ErrorCode.BAD_USER_INPUT)])
    return _answer(result, report_cost=request.wants_cost)


def _is_ambiguous(query: str) -> bool:
    """Tell whether the document has several operations; Strawberry would take the first."""
    if len(_KEYWORD.findall(query)) < 2:
        return False  # as almost every document
    try:
        document = parse(query, no_location=True, max_tokens=_MAX_TOKENS)
    except GraphQLError:
        return False  # the schema will say what is wrong
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return len(operations) > 1


def _answer(result: ExecutionResult, *, report_cost: bool) -> Answer:
    found = result.errors or []
    extensions = dict(result.extensions or {})
    price = extensions.get("cost")
    if not report_cost:
        extensions.pop("cost", None)  # the schema always tells, for our metrics
    # Without a path nothing was resolved: a document or variables that cannot be executed.
    unexecuted = result.data is None and all(error.path is None for error in found)
    is_invalid = isinstance(result, PreExecutionError)
    errors = [_formatted(error, is_invalid=is_invalid) for error in found]
    if unexecuted:
        internal = any(e["extensions"]["code"] == ErrorCode.INTERNAL_SERVER_ERROR for e in errors)
        return encode_refusal(errors, status=500 if internal else None, extensions=extensions)
    try:
        return encode(result.data, errors, extensions, cost=price["requested"] if price else None)
    except orjson.JSONEncodeError as error:
        cause = GraphQLError("The result is not JSON.", original_error=error)
        return encode_refusal([_formatted(cause, is_invalid=False)], status=500)


def _formatted(error: GraphQLError, *, is_invalid: bool) -> dict[str, Any]:
    """Give an error as the response has it: with a code, and the request to ask us about."""
    if "code" not in (error.extensions or {}):
        error = public(error)  # raised where no extension of the schema could see it
    formatted: dict[str, Any] = dict(error.formatted)
    code = formatted["extensions"]["code"]
    if is_invalid and code == ErrorCode.BAD_USER_INPUT:
        is_syntax = error.message.startswith("Syntax Error")
        formatted["extensions"] |= {
            "code": ErrorCode.GRAPHQL_PARSE_FAILED
            if is_syntax
            else ErrorCode.GRAPHQL_VALIDATION_FAILED
        }
    if code == ErrorCode.INTERNAL_SERVER_ERROR:
        formatted["extensions"] |= {"requestId": request_id.get()}
    return formatted


def _error(message: str, code: ErrorCode) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}}
