"""Scans: reads whose work grows with the corpus. A few run at a time, and equal ones run once.

Counts, facets and searches read all the documents or index keys of a list. Without a bound, one
query could start a hundred, which would take every connection and all of MongoDB's time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from store.errors import Unavailable

MAX_SCANS: Final = 8
"""Scans of one process at a time: more would only wait for each other in MongoDB."""

MAX_SCANS_OF_A_REQUEST: Final = 4
"""Scans of one request that run, or wait for their turn, at a time."""

MAX_WAITING: Final = 1_000
"""Scans that wait for their turn, in the order in which they came."""

Result = TypeVar("Result")


class ScanQueue:
    """Where the scans of one process take turns."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(MAX_SCANS)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the duration of the block.

        Raises Unavailable if too many are waiting. A request's deadline cancels its waiting.
        """
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many counts and searches at once; try again in a few seconds.")
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()


class Scans:
    """The scans of one request. Its queries may ask for the same one under many aliases."""

    def __init__(self, queue: ScanQueue) -> None:
        self._queue = queue
        self._turns = asyncio.Semaphore(MAX_SCANS_OF_A_REQUEST)
        self._results: dict[Hashable, asyncio.Future[Any]] = {}

    async def once(self, key: Hashable, scan: Callable[[], Awaitable[Result]]) -> Result:
        """Return the result of a scan, which runs only for the first caller with its key.

        Callers share the result and must not change it. Raises StoreError.
        """
        known: asyncio.Future[Result] | None = self._results.get(key)
        if known is not None:
            return await asyncio.shield(known)  # a waiter that is cancelled must not cancel it
        # A future, not a task: the first caller needs no other turn of the event loop.
        future = self._results[key] = asyncio.get_running_loop().create_future()
        try:
            async with self._turns, self._queue.turn():
                result = await scan()
        except BaseException as error:
            _fail(future, error)
            raise
        future.set_result(result)
        return result


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if isinstance(error, asyncio.CancelledError):
        future.cancel()
    else:
        future.set_exception(error)
        future.exception()  # so that asyncio does not log it if nobody waits for it
