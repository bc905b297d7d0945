"""Publishing by the clock, in a process that serves: looks every second, in a thread of its own."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final, Protocol

from api.observability.logs import SERVER
from store.errors import StoreError, Unavailable
from store.writing.clock import Tick

EVERY_S: Final = 1.0
"""How often a worker looks; what a load schedules for sooner is published that much late."""
_SOONEST_S: Final = 0.01
_BEHIND_S: Final = 0.05
_CATCH_UP_S: Final = 30
"""How long the start of a worker waits for the corpus to catch up."""

log = logging.getLogger(SERVER)


class Gate(Protocol):
    """What does not read until the corpus has caught up with the clock."""

    is_current: bool


class ClockTask:
    """Calls `tick`, which blocks, as often as it takes. Until it has caught up, `gate` is shut."""

    def __init__(self, tick: Callable[[], Tick], close: Callable[[], None], gate: Gate) -> None:
        self._tick = tick
        self._close = close
        self._gate = gate
        self._is_failing = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Catch up with what was missed while nothing ran, and run until the block ends.

        If MongoDB is away, the block begins nevertheless, and the gate opens when it is back.
        """
        self._gate.is_current = False
        started = time.monotonic()
        while not self._gate.is_current and time.monotonic() - started < _CATCH_UP_S:
            pause = await self._look()
            if self._is_failing:
                break
            if not self._gate.is_current:
                await asyncio.sleep(pause)
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.to_thread(self._close)

    async def _run(self) -> None:
        while True:
            pause = await self._look()
            await asyncio.sleep(pause)

    async def _look(self) -> float:
        """Publish and take back what is due; return the seconds until the next look."""
        try:
            tick = await asyncio.to_thread(self._tick)
        except StoreError as error:
            self._fail(error)
            return EVERY_S
        except Exception:
            log.exception("Publishing by the clock failed")
            self._gate.is_current = True  # waiting would not mend that
            return EVERY_S
        if self._is_failing:
            log.info("Publishing by the clock works again")
        self._is_failing = False
        self._gate.is_current |= not tick.is_behind
        if tick.is_behind:
            return _BEHIND_S
        if tick.next_turn is None:
            return EVERY_S
        return min(EVERY_S, max(_SOONEST_S, (tick.next_turn - datetime.now(UTC)).total_seconds()))

    def _fail(self, error: StoreError) -> None:
        if not self._is_failing:
            log.warning("Publishing by the clock has stopped: %s", error)
        self._is_failing = True
        if not isinstance(error, Unavailable):  # such as a user who may only read
            self._gate.is_current = True
