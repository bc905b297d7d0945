"""One HTTP connection: reading requests, answering them in order, closing."""

import asyncio
from typing import Any, ClassVar

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.observability.middleware import HAS_ARRIVED, IS_STOPPING, ON_STOP
from api.protocol.backlog import Backlog
from api.protocol.flow import ClientFlow, ResponseTransport
from api.protocol.half_heads import HalfHeads
from api.protocol.head import NOT_HTTP, TOO_LARGE, TOO_SLOW, Fault, fault_in, size_of
from api.protocol.lingering import Lingering
from api.protocol.refusal import cycle_without_request, refusal

_PIECE = 2048  # bytes that are parsed at once: it bounds how many requests they can contain
_NOTHING = memoryview(b"")


def _do_nothing() -> None: ...


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with limits on what a client may send, leave unread, and keep open.

    Beyond `max_connections`, a new connection replaces the one that has been idle longest. What
    cannot be parsed is answered in its turn, by an application that refuses it.
    """

    max_connections = 10_000
    max_header_bytes = 64 * 1024  # with the request line; the parser itself has no limit
    max_queued = 16  # requests that were sent before the response to an earlier one
    headers_within_s = 10.0  # from the connection or a request's first byte
    first_request_within_s = 1.0  # for a connection that was opened just before the server stops
    backlog: ClassVar = Backlog()  # class-wide, as a process has one event loop
    half_heads: ClassVar = HalfHeads()
    # Ordered by when they became idle; class-wide too.
    _idle: ClassVar[dict["GuardedProtocol", None]] = {}

    flow: ClientFlow

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_bytes = 0
        self._reads_headers = True
        self._head_began = False
        self._header_deadline: asyncio.TimerHandle | None = None
        self._unparsed = _NOTHING
        self._keeps_alive = False  # once the request that arrives is complete
        self._is_draining = False  # a complete response is not yet in the kernel
        self._is_refused = False  # nothing that follows is parsed
        self._is_stopping = False
        self._lingering: Lingering | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, closing an idle one if there are too many."""
        super().connection_made(transport)
        self.flow = ClientFlow(transport)
        self._response_transport = ResponseTransport(transport, self._close_after_response)
        self._expect_headers()
        self._start_deadline()
        if len(self.connections) > self.max_connections:
            next(iter(self._idle)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_arrived()
        self._unset_keepalive_if_required()
        self.backlog.forget(self.transport)
        if self._lingering:
            self._lingering.stop()
        super().connection_lost(exc)
        # What is large goes now: this object is in a cycle, which may be collected much later.
        self.headers, self.scope = [], {}  # type: ignore[typeddict-item]

    # Reading

    def data_received(self, data: bytes) -> None:
        """Parse the data, at once or in pieces while the requests in it are answered."""
        if self._lingering:
            self._lingering.discard(len(data))
        elif len(data) <= _PIECE:
            self._parse(data)
        else:
            self._unparsed = memoryview(data)
            self._parse_pieces()

    def _parse_pieces(self) -> None:
        while self._unparsed and len(self.pipeline) < self.max_queued:
            piece, self._unparsed = self._unparsed[:_PIECE], self._unparsed[_PIECE:]
            self._parse(piece)
        if self._unparsed:
            self.flow.is_ahead = True
            self.flow.pause_reading()
        elif self.flow.is_ahead:
            self.flow.is_ahead = False
            self.flow.resume_reading()

    def _parse(self, data: bytes | memoryview) -> None:
        self._unset_keepalive_if_required()
        if self._is_refused or self.transport.is_closing():
            return
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # A server may ignore this wish (RFC 9110, section 7.8); more requests may follow.
            self._parse(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            is_large = self._header_bytes > self.max_header_bytes
            self._refuse(TOO_LARGE if is_large else NOT_HTTP)
        if self._reads_headers:  # after parsing: a body in the same packet is not a header
            if self._head_began and self._header_deadline is None:
                self._start_deadline()
            self._header_bytes += len(data)
            if self._header_bytes > self.max_header_bytes:
                self._refuse(TOO_LARGE)
            else:
                self.half_heads.hold(self.transport, self._header_bytes, len(self.headers or ()))

    def on_message_begin(self) -> None:
        """Expect a request's headers; if they are incomplete, `_parse` starts their deadline."""
        super().on_message_begin()
        self._head_began = True
        if self._header_deadline is None:
            self._expect_headers()

    def on_headers_complete(self) -> None:
        """Check the headers, and start or queue the request."""
        self._header_bytes = size_of(self.url, self.headers)
        if self._header_bytes > self.max_header_bytes:
            raise ValueError("headers too large")  # the parser then raises HttpParserError
        fault = fault_in(self.parser.get_http_version, self.url, self.headers)
        if fault:
            self.app = refusal(fault)
        super().on_headers_complete()
        self._headers_arrived()
        self.cycle.transport = self._response_transport
        # A response that is sent before the request is complete ends the connection.
        self._keeps_alive, self.cycle.keep_alive = self.cycle.keep_alive and not fault, False
        if fault:
            self._ignore_rest()

    def on_message_complete(self) -> None:
        """Keep the connection open after the response, unless that has begun."""
        super().on_message_complete()
        self.cycle.scope[HAS_ARRIVED] = True  # type: ignore[literal-required]
        if not self.cycle.response_started:
            self.cycle.keep_alive = self._keeps_alive and not self._is_stopping

    # Refusing

    def _refuse(self, fault: Fault) -> None:
        """Answer what cannot be parsed, after the requests before it."""
        if self._is_refused:
            return
        self._ignore_rest()
        cycle = self.cycle
        is_in_body = cycle is not None and cycle.more_body
        if is_in_body and self.pipeline:  # the application has not started
            self.pipeline[0] = (cycle, refusal(fault))
        elif is_in_body and not cycle.response_started:
            cycle.disconnected = True  # the application logs this as a client that went away
            cycle.message_event.set()
            self._answer(refusal(fault, is_logged=False))
        elif not is_in_body:
            self._answer(refusal(fault))

    def _answer(self, app: ASGI3Application) -> None:
        """Start or queue an application for what is not a request."""
        last = self.cycle
        self.cycle = cycle_without_request(self, self._response_transport)
        if last is None or last.response_complete or last.disconnected:
            self._start_asgi_task(self.cycle, app)
        else:
            self.pipeline.appendleft((self.cycle, app))

    def _ignore_rest(self) -> None:
        self._is_refused = True
        self._headers_arrived()
        self._unparsed = _NOTHING
        self.flow.is_ahead = True
        self.flow.pause_reading()

    # Answering and closing

    def on_response_complete(self) -> None:
        """Start the next request or become idle, once the kernel has the response."""
        self._is_draining = self.flow.write_paused
        if self._is_draining or self._lingering is not None:
            return
        super().on_response_complete()
        if self.transport.is_closing() or self.pipeline:
            return
        if self._unparsed:
            self.loop.call_soon(self._parse_pieces)  # other connections have their turn first
            return
        self._idle[self] = None
        if self._header_deadline is not None:  # a request has begun to arrive: it has its time now
            self._header_deadline.cancel()
            self._start_deadline()
        elif not self._reads_headers:
            self._header_bytes, self._reads_headers = 0, True

    def pause_writing(self) -> None:
        """Watch a client that does not read as fast as it is sent to."""
        super().pause_writing()
        self.backlog.watch(self.transport, self.loop)

    def resume_writing(self) -> None:
        """Go on, as the kernel has everything."""
        super().resume_writing()
        self.backlog.forget(self.transport)
        if self._is_draining:
            self.on_response_complete()

    def _close_after_response(self) -> None:
        """Close the connection, but not while the client sends what will not be read."""
        if self._is_refused or self._unparsed or self.pipeline or self.cycle.more_body:
            self.pipeline.clear()
            self._unparsed = _NOTHING
            self._lingering = Lingering(self.transport, self.loop)
            self._idle[self] = None
            self.flow.is_ahead = False
            self.flow.resume_reading()
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """Close the connection after its request, for which a new one gets a moment."""
        self._is_stopping = True
        if self._lingering is not None:
            self.transport.close()
        elif self.cycle is None:
            self.loop.call_later(self.first_request_within_s, self._close_if_unused)
        else:
            super().shutdown()
            scope: Any = self.cycle.scope
            scope[IS_STOPPING] = True
            scope.get(ON_STOP, _do_nothing)()

    def _close_if_unused(self) -> None:
        if self.cycle is None:
            self.transport.close()

    # The deadline of headers

    def _expect_headers(self) -> None:
        self._header_bytes, self._reads_headers = 0, True
        self._idle[self] = None

    def _start_deadline(self) -> None:
        self._header_deadline = self.loop.call_later(self.headers_within_s, self._headers_too_late)

    def _headers_arrived(self) -> None:
        self._reads_headers = self._head_began = False
        self.half_heads.forget(self.transport)
        self._idle.pop(self, None)
        if self._header_deadline is not None:
            self._header_deadline.cancel()
            self._header_deadline = None

    def _headers_too_late(self) -> None:
        if self.flow.read_paused:  # they wait for the server
            self._start_deadline()
        elif self._header_bytes:
            self._refuse(TOO_SLOW)
        else:
            self.transport.close()
