"""What a worker holds of request heads that have not arrived completely."""

import asyncio

from api.observability.metrics import DROPPED

# The parser makes two byte strings and a pair of each header.
_BYTES_PER_HEADER = 128


class HalfHeads:
    """Bounds the memory of the half heads of all connections.

    Above `max_bytes`, the connections with the largest ones are closed, until a quarter of the
    bound is free again. Those of browsers are small, and complete within milliseconds.
    """

    max_bytes = 64 * 1024 * 1024

    def __init__(self) -> None:
        self._sizes: dict[asyncio.Transport, int] = {}
        self._total = 0

    def hold(self, transport: asyncio.Transport, received: int, headers: int) -> None:
        """Count what a connection has sent of a head: its bytes, and its complete headers."""
        size = received + _BYTES_PER_HEADER * headers
        self._total += size - self._sizes.get(transport, 0)
        self._sizes[transport] = size
        if self._total > self.max_bytes:
            self._make_room()

    def forget(self, transport: asyncio.Transport) -> None:
        """Stop counting a connection: it is closed, or the head is complete."""
        if transport in self._sizes:
            self._total -= self._sizes.pop(transport)

    def _make_room(self) -> None:
        # In one go, because it looks at all connections. Of equal ones, the oldest comes first.
        for transport in sorted(self._sizes, key=self._sizes.__getitem__, reverse=True):
            if self._total <= self.max_bytes * 3 // 4:
                return
            DROPPED.labels("heads").inc()
            self.forget(transport)
            transport.abort()
