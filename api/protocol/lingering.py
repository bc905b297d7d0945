"""Closing a connection whose client is still sending.

If a socket is closed while bytes arrive, the kernel answers them with a reset, and the client may
lose the response that it has not read yet. So the server says that it is done (FIN), and discards
what arrives until the client is done too (RFC 9112, section 9.6).
"""

import asyncio


class Lingering:
    """The last seconds of a connection: closes it when the client stops sending, or sends for long.

    The bounds are those of nginx's `lingering_timeout` and `lingering_time`, and one on bytes.
    """

    idle_s = 5.0
    total_s = 30.0
    max_bytes = 16 * 1024 * 1024

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._left = self.max_bytes
        self._last = loop.time()
        self._ends = self._last + self.total_s
        self._timer = loop.call_later(self.idle_s, self._close_if_over)
        transport.write_eof()  # after what is still to be sent

    def discard(self, size: int) -> None:
        """Take note of bytes that arrived."""
        self._last = self._loop.time()
        self._left -= size
        if self._left < 0:
            self._transport.abort()

    def stop(self) -> None:
        """Forget the connection, which is closed."""
        self._timer.cancel()

    def _close_if_over(self) -> None:
        now = self._loop.time()
        if self._transport.get_write_buffer_size():  # `Backlog` bounds how long that takes
            self._last = now
            self._ends = now + self.total_s
        until = min(self._last + self.idle_s, self._ends)
        if now >= until:
            self._transport.abort()
        else:
            self._timer = self._loop.call_later(until - now, self._close_if_over)
