"""Scans: equal ones run once, and few at a time, in the order in which they came."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from store.errors import Unavailable
from store.reading import scans
from store.reading.scans import MAX_SCANS, MAX_SCANS_OF_A_REQUEST, ScanQueue, Scans

pytestmark = pytest.mark.anyio


class Work:
    """Scans that run until they are released, and a record of those that have begun."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.release = asyncio.Event()

    def scan(self, number: int) -> Callable[[], Awaitable[int]]:
        async def scan() -> int:
            self.begun.append(number)
            await self.release.wait()
            return number

        return scan


async def settled() -> None:
    """Let all tasks run until they wait."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_equal_scans_run_once() -> None:
    work, request = Work(), Scans(ScanQueue())
    tasks = [asyncio.create_task(request.once("a", work.scan(1))) for _ in range(100)]
    await settled()
    work.release.set()
    assert await asyncio.gather(*tasks) == [1] * 100
    assert await request.once("a", work.scan(2)) == 1
    assert work.begun == [1]


async def test_requests_share_no_results() -> None:
    queue = ScanQueue()
    for number in (1, 2):
        work = Work()
        work.release.set()
        assert await Scans(queue).once("a", work.scan(number)) == number


async def test_a_scan_without_a_wait_takes_no_turn_of_the_event_loop() -> None:
    async def scan() -> int:
        return 1

    with pytest.raises(StopIteration) as finished:
        Scans(ScanQueue()).once("a", scan).__await__().__next__()
    assert finished.value.value == 1


async def test_few_scans_of_a_request_run_at_a_time() -> None:
    work, request = Work(), Scans(ScanQueue())
    tasks = [asyncio.create_task(request.once(n, work.scan(n))) for n in range(90)]
    await settled()
    assert work.begun == list(range(MAX_SCANS_OF_A_REQUEST))
    work.release.set()
    assert await asyncio.gather(*tasks) == list(range(90))


async def test_few_scans_run_at_a_time_and_no_request_has_them_all() -> None:
    work, queue = Work(), ScanQueue()
    requests = [Scans(queue) for _ in range(4)]
    tasks = [
        asyncio.create_task(request.once(n, work.scan(number)))
        for number, request in enumerate(requests)
        for n in range(90)
    ]
    await settled()
    assert work.begun == [0] * MAX_SCANS_OF_A_REQUEST + [1] * MAX_SCANS_OF_A_REQUEST
    assert len(work.begun) == MAX_SCANS
    work.release.set()
    await asyncio.gather(*tasks)
    # The requests that came later waited for 8 scans, not for 180.
    assert set(work.begun[MAX_SCANS : 2 * MAX_SCANS]) == {2, 3}


async def test_waiting_is_bounded_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_WAITING", 2)
    work, queue = Work(), ScanQueue()
    tasks = [
        asyncio.create_task(Scans(queue).once("a", work.scan(n))) for n in range(MAX_SCANS + 2)
    ]
    await settled()
    with pytest.raises(Unavailable, match="Too many counts and searches at once"):
        await Scans(queue).once("a", work.scan(99))
    tasks[-1].cancel()
    await settled()
    last = asyncio.create_task(Scans(queue).once("a", work.scan(100)))
    await settled()
    work.release.set()
    assert await last == 100
    await asyncio.gather(*tasks[:-1])
    assert set(work.begun) == {*range(MAX_SCANS + 1), 100}


async def test_a_failed_scan_fails_all_who_ask_for_it_and_frees_its_turn() -> None:
    queue = ScanQueue()
    for _ in range(MAX_SCANS + 1):
        request = Scans(queue)

        async def fail() -> int:
            await asyncio.sleep(0)
            raise Unavailable("gone")

        both = await asyncio.gather(
            request.once("a", fail), request.once("a", fail), return_exceptions=True
        )
        assert both[0] is both[1]
        assert isinstance(both[0], Unavailable)


async def test_a_cancelled_scan_is_cancelled_for_all_who_ask_for_it() -> None:
    work, request = Work(), Scans(ScanQueue())
    first, second = (asyncio.create_task(request.once("a", work.scan(n))) for n in (1, 2))
    await settled()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_a_waiter_that_is_cancelled_cancels_nobody_else() -> None:
    work, request = Work(), Scans(ScanQueue())
    first, second = (asyncio.create_task(request.once("a", work.scan(n))) for n in (1, 2))
    await settled()
    second.cancel()
    await settled()
    work.release.set()
    assert await first == 1
