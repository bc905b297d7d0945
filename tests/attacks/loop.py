"""How long an event loop serves nobody new, in CPU time."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class LongestTurn:
    """The longest time, in seconds, from one look at the sockets to the next."""

    def __init__(self) -> None:
        self.seconds = 0.0


@contextmanager
def longest_turn() -> Iterator[LongestTurn]:
    """Measure every turn of asyncio's loops during the context: all callbacks that were ready.

    CPU time of the loop's thread, unlike the clock's, does not depend on what else the machine
    does, nor on how long a turn waits for something to happen. Garbage is not collected meanwhile:
    the objects of all other tests would be looked at, too.
    """
    longest = LongestTurn()
    loops: Any = asyncio.BaseEventLoop  # typeshed does not declare its turns
    original = loops._run_once

    def run_once(self: asyncio.BaseEventLoop) -> None:
        began = time.thread_time()
        original(self)
        longest.seconds = max(longest.seconds, time.thread_time() - began)

    loops._run_once = run_once
    gc.collect()
    gc.disable()
    try:
        yield longest
    finally:
        loops._run_once = original
        gc.enable()
