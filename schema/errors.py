"""Errors as clients see them: each has a code, and a sentence that says what to do."""

import logging
import secrets
import time
from collections.abc import Iterator
from enum import StrEnum

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from store.errors import DeadlineExceeded, Refused, StoreError, Unavailable

log = logging.getLogger("newsgraph.errors")

_QUIET_S = 5.0


class ErrorCode(StrEnum):
    """The values of `extensions.code`."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    FORBIDDEN = "FORBIDDEN"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    QUERY_TOO_EXPENSIVE = "QUERY_TOO_EXPENSIVE"
    TIMEOUT = "TIMEOUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNAVAILABLE = "UNAVAILABLE"


class ApiError(GraphQLError):
    """An answer to a client who asked for something that cannot be given."""

    def __init__(self, message: str, code: ErrorCode) -> None:
        super().__init__(message, extensions={"code": str(code)})


def bad_input(message: str) -> ApiError:
    """Give the error for an argument that cannot be used; the message says what can."""
    return ApiError(message, ErrorCode.BAD_USER_INPUT)


class PublicErrors(SchemaExtension):
    """Gives every error its code, and keeps internal ones to the log."""

    def on_operation(self) -> Iterator[None]:
        """Replace the errors of the result, once there is one."""
        yield
        result = self.execution_context.result
        if result is not None and result.errors:
            logged: dict[Exception, str] = {}
            result.errors = [public(error, logged) for error in result.errors]


def public(error: GraphQLError, logged: dict[Exception, str] | None = None) -> GraphQLError:
    """Give an error as its client may see it.

    An unexpected one is logged with an id, which is all that the client gets of it. `logged` holds
    the ids of those that are in the log already: one failed call fails the fields of many objects.
    """
    cause = error.original_error
    if isinstance(cause, Unavailable | Refused):
        _log_outage(cause)
        # That our credentials are wrong is for the log: clients can only come back later.
        message = str(cause) if isinstance(cause, Unavailable) else "Try again later."
        return _coded(error, message, ErrorCode.UNAVAILABLE)
    if isinstance(cause, DeadlineExceeded | TimeoutError):
        return _coded(error, "It took too long; ask for less at once.", ErrorCode.TIMEOUT)
    if cause is None or isinstance(cause, GraphQLError):
        if "code" in (error.extensions or {}):
            return error
        return _coded(error, error.message, ErrorCode.BAD_USER_INPUT)
    logged = {} if logged is None else logged
    if cause not in logged:
        logged[cause] = secrets.token_hex(8)
        log.error("Internal error %s at %s", logged[cause], error.path, exc_info=cause)
    id_ = logged[cause]
    message = f"Something went wrong on our side; the log has it under {id_}."
    masked = _coded(error, message, ErrorCode.INTERNAL_SERVER_ERROR)
    masked.extensions = {**(masked.extensions or {}), "id": id_}
    return masked


def _log_outage(cause: StoreError) -> None:
    """Log why the store is away in the driver's words, but seldom: every request meets it."""
    now = time.monotonic()
    if now >= _Outages.quiet_until:
        _Outages.quiet_until = now + _QUIET_S
        log.warning("%s (%s)", cause, cause.__cause__)


class _Outages:
    quiet_until = float("-inf")


def _coded(error: GraphQLError, message: str, code: ErrorCode) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": str(code)},
    )
