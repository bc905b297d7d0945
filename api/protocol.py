"""HTTP connections with the limits on clients that uvicorn leaves to a proxy."""

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Files and database connections need descriptors too.
_RESERVED_DESCRIPTORS = 200


def raise_descriptor_limit() -> int:
    """Raise the limit of open files to the hard limit; return how many connections that allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - _RESERVED_DESCRIPTORS, 100)


class GuardedProtocol(HttpToolsProtocol):
    """Closes connections that send headers slowly or endlessly, or never read their response.

    Beyond `max_connections`, a new connection replaces the one that has been idle longest.
    """

    max_connections = 10_000
    max_header_bytes = 64 * 1024  # with the request line; the parser itself has no limit
    headers_within_s = 10.0  # from the connection or a request's first byte
    stalled_after_s = 20.0  # a client that reads nothing of its response for this long is gone
    first_request_within_s = 1.0  # for a connection that was opened just before the server stops
    # Ordered by when they became idle. Class-wide, as a process has one event loop.
    _idle: dict["GuardedProtocol", None] = {}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_bytes = 0
        self._reads_headers = True
        self._header_deadline: asyncio.TimerHandle | None = None
        self._last_unread = -1  # bytes of a response, when its client was last looked at
        self._is_stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, closing an idle one if there are too many."""
        super().connection_made(transport)
        self._await_headers()
        if len(self.connections) > self.max_connections:
            next(iter(self._idle)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the data, and refuse headers that grow too large."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._reads_headers:  # after parsing: a body in the same packet is not a header
            self._header_bytes += len(data)
            if self._header_bytes > self.max_header_bytes:
                self._refuse(431, "Request Header Fields Too Large")

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that is not HTTP, or whose headers are too large."""
        if self._header_bytes > self.max_header_bytes:
            self._refuse(431, "Request Header Fields Too Large")
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        """Start the deadline of a request's headers."""
        super().on_message_begin()
        if self._header_deadline is None:
            self._await_headers()

    def on_headers_complete(self) -> None:
        """Cancel the deadline: the application limits the time of the rest."""
        self._header_bytes = len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers)
        if self._header_bytes > self.max_header_bytes:
            raise ValueError("headers too large")  # the parser then calls send_400_response
        self._headers_arrived()
        super().on_headers_complete()
        if self._is_stopping:
            self.cycle.keep_alive = False

    def on_response_complete(self) -> None:
        """Become idle, for at most the keep-alive timeout."""
        super().on_response_complete()
        if not self.pipeline and not self.transport.is_closing():
            self._header_bytes = 0
            self._reads_headers = True
            self._idle[self] = None

    def shutdown(self) -> None:
        """Close the connection after its request, for which a new one gets a moment."""
        if self.cycle is None:
            self._is_stopping = True
            self.loop.call_later(self.first_request_within_s, self._close_unused)
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, but let a slow client finish reading its response."""
        unread = self.transport.get_write_buffer_size()
        if unread == 0:
            super().timeout_keep_alive_handler()
        elif unread == self._last_unread:
            self.transport.abort()
        else:
            self._last_unread = unread
            self.timeout_keep_alive_task = self.loop.call_later(
                self.stalled_after_s, self.timeout_keep_alive_handler
            )

    def _await_headers(self) -> None:
        self._header_bytes = 0
        self._reads_headers = True
        self._header_deadline = self.loop.call_later(self.headers_within_s, self._headers_too_late)
        self._idle[self] = None

    def _headers_arrived(self) -> None:
        self._reads_headers = False
        self._idle.pop(self, None)
        if self._header_deadline is not None:
            self._header_deadline.cancel()
            self._header_deadline = None

    def _headers_too_late(self) -> None:
        self._header_deadline = None
        if self._header_bytes:
            self._refuse(408, "Request Timeout")
        else:
            self.transport.close()

    def _close_unused(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def _refuse(self, status: int, reason: str) -> None:
        self.transport.write(
            f"HTTP/1.1 {status} {reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode()
        )
        self.transport.close()
