"""The refusal of a request before its operation runs, in GraphQL's error format."""

from collections.abc import Mapping

from starlette.responses import Response

from api.graphql.negotiation import VARY, MediaType
from schema.errors import ErrorCode, error_json, errors_body

PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"  # Apollo's clients look for this code

DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"


class Refusal(Exception):
    """A request is refused with this status and code; the message says why."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str = ErrorCode.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = str(code)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    def http_response(self, media_type: MediaType) -> Response:
        """Return the HTTP response, which no cache may keep."""
        return Response(
            errors_body([error_json(self.message, self.code, **self.extensions)]),
            self.status,
            {"cache-control": "no-store", "vary": VARY, **self.headers},
            media_type=f"{media_type}; charset=utf-8",
        )
