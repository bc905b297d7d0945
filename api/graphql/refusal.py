"""The refusal of a request before its operation runs, in GraphQL's error format."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.graphql.negotiation import JSON, VARY, MediaType
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


async def error_response(request: Request, error: Exception) -> Response:
    """Return what a client gets that looks for the API at another address."""
    if not isinstance(error, HTTPException):
        raise error
    what = {
        404: "There is nothing at this address",
        405: f"This page does not take {request.method}",
    }
    message = f"{what.get(error.status_code, error.detail)}. The API is at /graphql."
    return Refusal(error.status_code, message, headers=error.headers).http_response(JSON)


async def refusal_response(_: Request, refusal: Exception) -> Response:
    """Return the response of a Refusal that a page raised."""
    if not isinstance(refusal, Refusal):
        raise refusal
    return refusal.http_response(JSON)
