"""A throttled value is read once per period, by one of its callers, and None when that fails."""

import asyncio

import pytest

from api.throttled import Throttled
from store.errors import Unavailable
from tests.api.conftest import FakeClock

pytestmark = pytest.mark.anyio


class Source:
    """Returns how often it was read; waits before, and fails, as the test says."""

    def __init__(self, clock: FakeClock) -> None:
        self.reads = 0
        self.takes_s = 0.0
        self.fails: Exception | None = None
        self._clock = clock

    async def read(self) -> int:
        self.reads += 1
        reads = self.reads
        await asyncio.sleep(0)
        self._clock.now += self.takes_s
        if self.fails:
            raise self.fails
        return reads


@pytest.fixture
def source(clock: FakeClock) -> Source:
    return Source(clock)


@pytest.fixture
def throttled(source: Source, clock: FakeClock) -> Throttled[int]:
    return Throttled(source.read, every_s=1, within_s=5, clock=clock)


async def test_a_value_is_read_again_when_its_period_is_over(
    throttled: Throttled[int], clock: FakeClock
) -> None:
    assert [await throttled.get(), await throttled.get()] == [1, 1]
    clock.now += 0.9
    assert await throttled.get() == 1
    clock.now += 0.1
    assert await throttled.get() == 2


async def test_nothing_is_read_while_nobody_asks(
    throttled: Throttled[int], source: Source, clock: FakeClock
) -> None:
    await throttled.get()
    clock.now += 60
    assert source.reads == 1


async def test_the_period_begins_with_the_reading(
    throttled: Throttled[int], source: Source, clock: FakeClock
) -> None:
    source.takes_s = 0.6
    assert await throttled.get() == 1
    clock.now += 0.3
    assert await throttled.get() == 1
    clock.now += 0.1
    assert await throttled.get() == 2


async def test_concurrent_callers_share_one_reading(
    throttled: Throttled[int], source: Source
) -> None:
    source.takes_s = 2  # longer than the period
    assert await asyncio.gather(*(throttled.get() for _ in range(10))) == [1] * 10


async def test_a_failed_read_returns_none_and_is_retried_after_the_interval(
    throttled: Throttled[int], source: Source, clock: FakeClock
) -> None:
    source.takes_s, source.fails = 3, Unavailable("MongoDB does not answer.")
    assert [await throttled.get(), await throttled.get()] == [None, None]
    assert source.reads == 1
    clock.now += 1
    source.fails = None
    assert await throttled.get() == 2


async def test_a_reading_that_takes_too_long_is_none(clock: FakeClock) -> None:
    async def hang() -> int:
        await asyncio.sleep(60)
        return 1

    throttled = Throttled(hang, every_s=1, within_s=0.01, clock=clock)
    assert await throttled.get() is None


async def test_an_unexpected_error_reaches_the_caller_and_the_next_one_reads_again(
    throttled: Throttled[int], source: Source
) -> None:
    source.fails = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await throttled.get()
    source.fails = None
    assert await throttled.get() == 2


async def test_a_cancelled_caller_does_not_cancel_the_reading_of_others(
    throttled: Throttled[int],
) -> None:
    first = asyncio.create_task(throttled.get())
    second = asyncio.create_task(throttled.get())
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 1
