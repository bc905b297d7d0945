"""Few operations are executed at once; the others wait for a place, in the order of their arrival.

Operations that take turns on the event loop only keep each other's documents in memory, and out of
the processor's caches. With 64 connections, a worker answers a tenth to a fifth more of them when
it ends what it began before it begins something new, and the slowest answers are sooner there.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

AT_ONCE: Final = 4
"""Operations that keep a worker busy while MongoDB on the same machine works for others of them."""

QUIET_S: Final = 0.00002
"""A turn of the event loop that takes less, in seconds, had nothing to do; an empty one takes 1 µs.

Another operation begins then. So however far away MongoDB is, no processor waits for it.
"""

HELD_S: Final = 0.1
"""How long an operation counts as one of those at once. Slow queries do not block quick ones."""


class Places:
    """The operations that one worker executes at once; `held_s` is `HELD_S`, except in tests.

    `ConcurrencyLimit` bounds how many can wait, and a request's deadline for how long.
    """

    def __init__(self, held_s: float = HELD_S) -> None:
        self._held_s = held_s
        self._began: dict[asyncio.Future[None], float] = {}  # oldest first, without the slow ones
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looked = 0.0
        self._is_looking = False

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it for the duration of the block."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if len(self._began) < AT_ONCE:
            self._begin_next()
        elif not self._is_looking:
            self._look_again()
        try:
            await turn
            yield
        finally:
            self._began.pop(turn, None)
            if len(self._began) < AT_ONCE:
                self._begin_next()

    def _begin_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # not cancelled
                self._began[turn] = time.perf_counter()
                self._looked = 0.0  # this turn is not quiet: something is about to be done
                turn.set_result(None)
                return

    def _look_again(self) -> None:
        """Look once in each turn of the event loop, as long as any operation waits."""
        self._is_looking = bool(self._waiting)
        if self._is_looking:
            self._looked = time.perf_counter()
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        now = time.perf_counter()
        while self._began and now - next(iter(self._began.values())) > self._held_s:
            del self._began[next(iter(self._began))]
        if len(self._began) < AT_ONCE or now - self._looked < QUIET_S:
            self._begin_next()
        self._look_again()
