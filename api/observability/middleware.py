"""What surrounds every request: its id, one line in the log, a count, and no traceback outside."""

import logging
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observability.logs import new_request_id, request_id
from api.observability.metrics import HTTP
from schema.errors import ErrorCode, error_json, errors_body, internal_error_message

log = logging.getLogger("newsgraph.access")

# Where an endpoint leaves what the log line should say about it.
NOTES = "newsgraph.notes"


class RequestLog:
    """The outermost middleware of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and tell of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        id_ = new_request_id(Headers(scope=scope).get("x-request-id"))
        request_id.set(id_)  # each request runs in a task, and so in a context, of its own
        notes: dict[str, Any] = {}
        scope[NOTES] = notes
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = id_
                headers.setdefault("x-content-type-options", "nosniff")
            await send(message)

        try:
            await self.app(scope, receive, send_observed)
        except Exception:
            log.exception("Internal error")
            if status:
                raise  # too late for an answer: the server closes the connection
            await _internal_error(id_)(scope, receive, send_observed)
        finally:
            HTTP.labels(status).inc()
            if log.isEnabledFor(logging.INFO):
                ms = round((time.perf_counter() - began) * 1000, 2)
                log.info(
                    "%s %s",
                    scope["method"],
                    scope["path"],
                    extra={"status": status, "ms": ms, **notes},
                )


def _internal_error(id_: str) -> Response:
    error = error_json(internal_error_message(id_), ErrorCode.INTERNAL_SERVER_ERROR, requestId=id_)
    return Response(
        errors_body([error]),
        500,
        {"cache-control": "no-store"},
        media_type="application/json",
    )
