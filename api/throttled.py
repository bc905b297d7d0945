"""A value read from the store seldom, however many requests ask for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from store.errors import StoreError

T = TypeVar("T")
Clock = Callable[[], float]
"""Returns seconds that never run backwards, such as `time.monotonic`."""


class Throttled(Generic[T]):
    """The latest result of `read`, read again by the first `get` after `every_s` seconds.

    Nothing is read while nobody asks. Callers that arrive during a reading wait for its end. A
    reading that raises StoreError or exceeds `within_s` seconds counts as None.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[T]],
        *,
        every_s: float,
        within_s: float,
        clock: Clock = time.monotonic,
    ) -> None:
        self._read = read
        self._every_s = every_s
        self._within_s = within_s
        self._clock = clock
        self._value: T | None = None
        self.failure: Exception | None = None
        """Why the latest reading failed; None if it did not."""
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def get(self) -> T | None:
        """Return a value that was read at most `every_s` ago, or None if the reading failed."""
        if self._clock() - self._read_at >= self._every_s:
            if self._reading is None:
                self._reading = asyncio.create_task(self._renew())
            # A caller that is cancelled must not cancel the reading of the others.
            await asyncio.shield(self._reading)
        return self._value

    async def _renew(self) -> None:
        began = self._clock()
        try:
            async with asyncio.timeout(self._within_s):
                self._value = await self._read()
            self.failure = None
            # The value is as old as the moment at which its reading began.
            self._read_at = began
        except (StoreError, TimeoutError) as error:
            self.failure = error
            self._value = None
            # Counted from the end, or a store that hangs would be asked without a pause.
            self._read_at = self._clock()
        finally:
            self._reading = None
