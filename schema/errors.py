"""Errors as clients see them: each has a code, and a sentence that says what to do."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

import orjson
from graphql import FieldNode, GraphQLError, GraphQLFormattedError

from schema.execution.budget import OverBudget
from schema.limits import codes
from schema.limits.messages import shortened
from store.errors import DeadlineExceeded, Refused, StoreError, Unavailable

log = logging.getLogger("newsgraph.errors")


class ErrorCode(StrEnum):
    """The values of `extensions.code`."""

    BAD_USER_INPUT = codes.BAD_USER_INPUT
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    FORBIDDEN = "FORBIDDEN"
    GRAPHQL_PARSE_FAILED = codes.GRAPHQL_PARSE_FAILED
    GRAPHQL_VALIDATION_FAILED = codes.GRAPHQL_VALIDATION_FAILED
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"  # Apollo's clients look for it
    QUERY_TOO_EXPENSIVE = codes.QUERY_TOO_EXPENSIVE
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNAVAILABLE = "UNAVAILABLE"


class ApiError(GraphQLError):
    """An error that a resolver raises for its client."""

    def __init__(self, message: str, code: ErrorCode) -> None:
        super().__init__(message, extensions={"code": str(code)})


def bad_input(message: str) -> ApiError:
    """Return the error of an argument that cannot be used; the message says what can."""
    return ApiError(message, ErrorCode.BAD_USER_INPUT)


def error_json(message: str, code: str, **extensions: object) -> GraphQLFormattedError:
    """Return an error as a response has it, for one that is not a GraphQLError."""
    return {"message": message, "extensions": {"code": str(code), **extensions}}


def errors_body(
    errors: Sequence[GraphQLFormattedError], extensions: Mapping[str, object] | None = None
) -> bytes:
    """Encode the response to a request that was not executed: it has no `data`."""
    return orjson.dumps(
        {"errors": errors, "extensions": extensions} if extensions else {"errors": errors}
    )


def internal_error_message(id_: str) -> str:
    """Return all that clients learn about an internal error; the log has the rest under `id_`."""
    return f"Internal error; see {id_} in the server log."


class OutageLog:
    """Logs why the store is unavailable, at most once in `every_s` seconds: all requests fail."""

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = every_s
        self._clock = clock
        self._due = float("-inf")

    def report(self, cause: StoreError) -> None:
        """Log a cause in the driver's words, unless one was logged recently."""
        now = self._clock()
        if now >= self._due:
            self._due = now + self._every_s
            log.warning("%s (%s)", cause, cause.__cause__)


_OUTAGES = OutageLog(every_s=5)
_MAX_LOGGED = 20  # causes that one response's errors log; further errors refer to the first


def public_errors(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """Return errors as their client may see them, each with a code.

    An unexpected one is logged with an id, and the client learns only the id.
    """
    logged: dict[Exception, str] = {}  # one failed call fails the fields of many objects
    return [_public_error(error, logged) for error in errors]


def _public_error(error: GraphQLError, logged: dict[Exception, str]) -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, Unavailable | Refused):
        _OUTAGES.report(cause)
        # Wrong credentials belong in the log; clients can only retry.
        message = str(cause) if isinstance(cause, Unavailable) else "Try again later."
        return _coded(error, message, ErrorCode.UNAVAILABLE)
    if isinstance(cause, DeadlineExceeded | TimeoutError):
        return _coded(error, "The query took too long; request less at once.", ErrorCode.TIMEOUT)
    if isinstance(cause, OverBudget):
        return _coded(error, error.message, ErrorCode.QUERY_TOO_EXPENSIVE)
    if cause is None or not is_internal(error):
        if "code" in (error.extensions or {}):
            return error
        return _coded(error, shortened(error.message), ErrorCode.BAD_USER_INPUT)
    if cause not in logged and len(logged) < _MAX_LOGGED:
        logged[cause] = secrets.token_hex(8)
        log.error("Internal error %s at %s", logged[cause], error.path, exc_info=cause)
    id_ = logged.get(cause) or next(iter(logged.values()))
    return _coded(error, internal_error_message(id_), ErrorCode.INTERNAL_SERVER_ERROR, id=id_)


def is_internal(error: GraphQLError) -> bool:
    """Return whether an error is a defect of the server or its data: no outage, no client's."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        has_code = "code" in (error.extensions or {})
        return cause is not None and not has_code and _is_of_completion(error, cause)
    expected = (Unavailable, Refused, DeadlineExceeded, TimeoutError, OverBudget)
    return not isinstance(cause, expected)


def _is_of_completion(error: GraphQLError, cause: GraphQLError) -> bool:
    """Return whether a resolver's value cannot be what its field's type says.

    Errors of arguments, which are the client's, name the argument or its value in the query.
    """
    nodes = cause.nodes or ()
    return error.path is not None and all(isinstance(node, FieldNode) for node in nodes)


def _coded(error: GraphQLError, message: str, code: ErrorCode, **extensions: str) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": str(code), **extensions},
    )
