"""Awaiting several calls at once."""

import asyncio

import pytest

from store.reading.gather import gather

pytestmark = pytest.mark.anyio


async def _task() -> asyncio.Task[object] | None:
    return asyncio.current_task()


async def test_a_single_call_runs_in_the_caller_s_task() -> None:
    assert await gather(_task()) == [asyncio.current_task()]


async def test_several_calls_run_in_tasks_of_their_own_and_return_in_order() -> None:
    async def after(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    assert await gather(after(2), after(0), after(1)) == [2, 0, 1]
    first, second = await gather(_task(), _task())
    assert len({first, second, asyncio.current_task()}) == 3
