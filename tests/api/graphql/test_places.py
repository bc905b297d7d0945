"""The operations that are executed at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.places import AT_ONCE, HELD_S, QUIET_S, Places

pytestmark = pytest.mark.anyio

Work = Callable[[int], Awaitable[None]]


class Executions:
    """Runs operations in places, and records which of them began."""

    def __init__(self, held_s: float = 60) -> None:
        self.places = Places(held_s)  # on a busy machine, none of these operations is slow
        self.began: list[int] = []
        self.active = 0
        self.most = 0

    async def run(self, number: int, work: Work) -> None:
        async with self.places.taken():
            self.began.append(number)
            self.active += 1
            self.most = max(self.most, self.active)
            try:
                await work(number)
            finally:
                self.active -= 1

    def start(self, number: int, work: Work) -> "list[asyncio.Task[None]]":
        return [asyncio.create_task(self.run(one, work)) for one in range(number)]


def compute() -> None:
    """Keep the event loop for longer than a quiet turn."""
    time.sleep(QUIET_S * 5)


async def busy(_: int) -> None:
    """Keep the event loop several times."""
    for _ in range(3):
        compute()
        await asyncio.sleep(0)


async def test_a_busy_worker_ends_what_it_began_before_it_begins_the_next_in_order() -> None:
    executions = Executions()
    await asyncio.gather(*executions.start(40, busy))
    assert executions.began == [*range(40)]
    assert executions.most == AT_ONCE


async def test_more_begin_while_the_event_loop_has_nothing_to_do() -> None:
    executions, answer = Executions(), asyncio.Event()

    async def wait(_: int) -> None:
        await answer.wait()

    tasks = executions.start(40, wait)
    async with asyncio.timeout(5):
        while len(executions.began) < 40:  # noqa: ASYNC110  # the loop is quiet in between
            await asyncio.sleep(0.001)
    answer.set()
    await asyncio.gather(*tasks)
    assert executions.began == [*range(40)]


async def test_slow_ones_do_not_block_the_others_on_a_busy_event_loop() -> None:
    executions, is_over = Executions(HELD_S), asyncio.Event()

    async def work(number: int) -> None:
        if number < AT_ONCE:
            await is_over.wait()

    async def keep_busy() -> None:
        while not is_over.is_set():
            compute()
            await asyncio.sleep(0)

    flood = asyncio.create_task(keep_busy())
    await asyncio.sleep(0)
    began = time.perf_counter()
    slow_and_quick = executions.start(AT_ONCE + 20, work)
    async with asyncio.timeout(10):
        await asyncio.gather(*slow_and_quick[AT_ONCE:])
    assert time.perf_counter() - began >= HELD_S
    is_over.set()
    await asyncio.gather(flood, *slow_and_quick)


async def test_an_operation_that_fails_leaves_its_place() -> None:
    executions = Executions()

    async def fail(_: int) -> None:
        await busy(0)
        raise ValueError

    failed = await asyncio.gather(*executions.start(20, fail), return_exceptions=True)
    assert {type(error) for error in failed} == {ValueError}
    await asyncio.gather(*executions.start(20, busy))
    assert executions.most == AT_ONCE


@given(st.lists(st.integers(0, 30), max_size=30), st.integers(0, 12))
async def test_whatever_is_cancelled_all_others_are_executed_and_no_place_is_lost(
    cancelled: list[int], after: int
) -> None:
    executions = Executions()
    tasks = executions.start(31, busy)
    for _ in range(after):
        await asyncio.sleep(0)
    for number in cancelled:
        tasks[number].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    done = {number for number, result in enumerate(results) if result is None}
    assert done >= {*range(31)} - {*cancelled}
    assert done <= {*executions.began}
    assert executions.most <= AT_ONCE
    executions.began.clear()
    await asyncio.gather(*executions.start(2 * AT_ONCE, busy))
    assert executions.began == [*range(2 * AT_ONCE)]
    assert executions.most == AT_ONCE
