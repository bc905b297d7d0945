"""How long callbacks keep an event loop, in CPU time."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager


class LongestStep:
    """The longest time, in seconds, that one callback kept the loop from all others."""

    def __init__(self) -> None:
        self.seconds = 0.0


@contextmanager
def longest_step() -> Iterator[LongestStep]:
    """Measure every callback of asyncio's loops during the context.

    CPU time of the loop's thread, unlike the clock's, does not depend on what else the machine
    does.
    """
    longest = LongestStep()
    original = asyncio.Handle._run

    def run(self: asyncio.Handle) -> None:
        began = time.thread_time()
        try:
            original(self)
        finally:
            longest.seconds = max(longest.seconds, time.thread_time() - began)

    asyncio.Handle._run = run  # type: ignore[method-assign]
    try:
        yield longest
    finally:
        asyncio.Handle._run = original  # type: ignore[method-assign]
