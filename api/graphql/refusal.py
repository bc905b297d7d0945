"""The answer to a request that never became a GraphQL operation."""

from collections.abc import Mapping

from schema.errors import ErrorCode

PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"  # Apollo's clients look for this code


class Refusal(Exception):
    """A request is refused with this status, in GraphQL's error format; the message says why."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str = ErrorCode.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = str(code)
        self.headers = dict(headers or {})
