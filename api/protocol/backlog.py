"""What a worker holds for clients that read slowly."""

import array
import asyncio
import fcntl
import termios
from contextlib import suppress
from dataclasses import dataclass

from api.observability.metrics import DROPPED


@dataclass(slots=True)
class _Reader:
    """A client that has not read all of what was sent to it; all sizes are in bytes."""

    began: float
    unread_at_first: int
    window_began: float
    unread_at_window: int
    unread: int

    def seconds_left(self, now: float) -> float:
        """Return how long the rest will take at the client's pace."""
        read = self.unread_at_first - self.unread
        return self.unread * (now - self.began) / (read + 1)


class Backlog:
    """Bounds the bytes that clients have not read yet, and how slowly they may read them.

    A client must read `min_rate` bytes a second, averaged over each `window_s` seconds. When all
    together leave more than `max_bytes` unread, the one that would take longest is disconnected.
    """

    max_bytes = 128 * 1024 * 1024
    min_rate = 1024
    window_s = 20.0
    look_every_s = 1.0

    def __init__(self) -> None:
        self._readers: dict[asyncio.Transport, _Reader] = {}
        self._unread = 0

    def watch(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Count the unread bytes of a connection from now on."""
        now, unread = loop.time(), _unread(transport)
        if not self._readers:
            loop.call_later(self.look_every_s, self._look_again, loop)
        self.forget(transport)
        self._readers[transport] = _Reader(now, unread, now, unread, unread)
        self._unread += unread
        if self._unread > self.max_bytes:
            self._look(now)

    def forget(self, transport: asyncio.Transport) -> None:
        """Stop watching a connection: it is closed, or the kernel has taken all bytes."""
        if reader := self._readers.pop(transport, None):
            self._unread -= reader.unread

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._look(loop.time())
        if self._readers:
            loop.call_later(self.look_every_s, self._look_again, loop)

    def _look(self, now: float) -> None:
        """Disconnect those that read too slowly, and then whoever is slowest if that is needed."""
        for transport, reader in list(self._readers.items()):
            unread = _unread(transport)
            self._unread += unread - reader.unread
            reader.unread = unread
            if now - reader.window_began >= self.window_s:
                if reader.unread_at_window - unread < self.min_rate * self.window_s and unread:
                    self._drop(transport, "slow")
                reader.window_began, reader.unread_at_window = now, unread
        while self._unread > self.max_bytes:
            slowest = max(self._readers, key=lambda one: self._readers[one].seconds_left(now))
            self._drop(slowest, "backlog")

    def _drop(self, transport: asyncio.Transport, reason: str) -> None:
        DROPPED.labels(reason).inc()
        self.forget(transport)
        transport.abort()


def _unread(transport: asyncio.Transport) -> int:
    """Return the bytes that the client has not acknowledged, here and in the kernel.

    The kernel takes up to some MB at a time. Without its share, a client that reads steadily would
    seem to stand still for as long as it takes to read a third of that.
    """
    queued = array.array("i", [0])
    with suppress(OSError):  # where this question is not supported
        socket = transport.get_extra_info("socket")
        fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, queued)
    return transport.get_write_buffer_size() + queued[0]
