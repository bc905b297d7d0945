"""When a connection is read, and how a response closes it."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl


class ClientFlow(FlowControl):
    """Reads nothing from a client that has not read its response, or that is too far ahead."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self.is_ahead = False
        """Whether the client has sent more requests than are queued for it."""
        # Writing is paused, and accounted for, from the first byte that the kernel does not take.
        transport.set_write_buffer_limits(high=0)

    def resume_reading(self) -> None:
        """Read again, unless there is still a reason not to."""
        if not self.is_ahead and not self.write_paused:
            super().resume_reading()

    def pause_writing(self) -> None:
        """Stop reading too: requests of a client that does not read responses only pile up."""
        super().pause_writing()
        self.pause_reading()

    def resume_writing(self) -> None:
        """Read again."""
        super().resume_writing()
        self.resume_reading()


class ResponseTransport(asyncio.Transport):
    """A connection as a response uses it: `close` is called when the response is complete."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        self._transport = transport
        self._close = close

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send data, unless the client has gone."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Return whether the connection is closed, or about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close the connection as the protocol sees fit."""
        self._close()
