"""Responses to requests that never reach the application."""

import asyncio
from typing import cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.observability.middleware import NOTES, RequestLog
from api.protocol.head import Fault
from schema.errors import ErrorCode, error_json, errors_body


def refusal(fault: Fault, *, is_logged: bool = True) -> ASGI3Application:
    """Return an application that refuses every request.

    They are logged and counted as all requests are, unless another application has done that.
    """
    code = ErrorCode.BAD_USER_INPUT

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault(NOTES, {}).update(outcome=str(code), reason=fault.message)
        response = Response(
            errors_body([error_json(fault.message, code)]),
            fault.status,
            {"cache-control": "no-store", "connection": "close"},
            media_type="application/json",
        )
        await response(scope, receive, send)

    # Starlette and uvicorn describe the same protocol with different types.
    return cast(ASGI3Application, RequestLog(refuse) if is_logged else refuse)


def cycle_without_request(
    protocol: HttpToolsProtocol, transport: asyncio.Transport
) -> RequestResponseCycle:
    """Return what carries the response to bytes that are not a request, and closes `transport`."""
    last = protocol.cycle
    if protocol.scope is None or (last is not None and protocol.scope is last.scope):
        HttpToolsProtocol.on_message_begin(protocol)  # makes a scope
    scope: HTTPScope = {
        **protocol.scope,
        "method": "-",
        "path": "-",
        "raw_path": b"-",
        "query_string": b"",
    }
    return RequestResponseCycle(
        scope=scope,
        transport=transport,
        flow=protocol.flow,
        logger=protocol.logger,
        access_logger=protocol.access_logger,
        access_log=protocol.access_log,
        default_headers=protocol.server_state.default_headers,
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=False,
        on_response=protocol.on_response_complete,
    )
