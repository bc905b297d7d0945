"""Around every request: an id, a log line, a count, and no traceback in the response."""

import logging
import time

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observability.logs import new_request_id, request_id
from api.observability.metrics import responses
from schema.errors import ErrorCode, error_json, errors_body, internal_error_message

log = logging.getLogger("newsgraph.access")

# The key of the ASGI scope under which an endpoint adds fields to the log line.
NOTES = "newsgraph.notes"
# The key under which the connection says that the request's body has arrived completely.
HAS_ARRIVED = "newsgraph.has_arrived"
# The key under which the connection says that it closes after this response, and the key of a
# function that it calls at that moment.
IS_STOPPING = "newsgraph.is_stopping"
ON_STOP = "newsgraph.on_stop"
_SERVER_ERROR = 500
_MAX_FORWARDED = 200  # characters: a few IPv6 addresses


class RequestLog:
    """Middleware that logs and counts requests. It must be the outermost.

    `log_clients` adds their addresses, which are personal data, to the log.
    """

    def __init__(self, app: ASGIApp, log_clients: bool = False) -> None:
        self.app = app
        self._log_clients = log_clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        id_ = new_request_id(_header(scope, b"x-request-id"))
        request_id.set(id_)  # each request has its own task, and so its own context
        notes: dict[str, object] = {}
        scope[NOTES] = notes
        if self._log_clients:
            notes.update(_client(scope))
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Nothing below sets these; `MutableHeaders` would search for them first.
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", id_.encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_observed)
        except Exception:
            log.exception("Internal error %s", id_)
            if status:
                raise  # too late for a response: the server closes the connection
            await _internal_error(id_)(scope, receive, send_observed)
        finally:
            responses(status).inc()
            level = logging.WARNING if status >= _SERVER_ERROR else logging.INFO
            if log.isEnabledFor(level):
                ms = round((time.perf_counter() - began) * 1000, 2)
                log.log(
                    level,
                    "%s %s",
                    scope["method"],
                    scope["path"],
                    extra={"status": status, "ms": ms, **notes},
                )


def _header(scope: Scope, name: bytes) -> str | None:
    """Return a header's first value; `name` is in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None


def _client(scope: Scope) -> dict[str, object]:
    """Return the fields about the client: only its own address is certain."""
    address, _ = scope["client"] or ("-", 0)
    forwarded = _header(scope, b"x-forwarded-for")
    return {"client": address} | ({"forwarded": forwarded[:_MAX_FORWARDED]} if forwarded else {})


def _internal_error(id_: str) -> Response:
    error = error_json(internal_error_message(id_), ErrorCode.INTERNAL_SERVER_ERROR, requestId=id_)
    return Response(
        errors_body([error]),
        500,
        {"cache-control": "no-store"},
        media_type="application/json",
    )
