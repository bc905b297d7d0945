"""The observation of reads."""

import asyncio

import pytest
from pymongo.errors import OperationFailure

from store import monitoring
from store.connection import connect
from store.monitoring import Calls, count_calls, observe_calls
from store.reading.fetches import Fetches

pytestmark = pytest.mark.anyio


async def test_reads_are_observed_with_duration_and_success(
    mongod: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "_observers", [])
    seen: list[tuple[str, bool]] = []

    def observe(command: str, seconds: float, succeeded: bool) -> None:
        assert 0 < seconds < 60
        seen.append((command, succeeded))

    observe_calls(observe)
    client, fetches = connect(mongod), Fetches()
    items = client[database_name]["items"]
    assert await fetches.find(items, {}, {"_id": 1}) == []
    with pytest.raises(OperationFailure):
        await fetches.find(items, {"$noSuchOperator": 1}, {"_id": 1})
    assert await fetches.aggregate(items, [{"$match": {}}]) == []
    with pytest.raises(OperationFailure):
        await fetches.aggregate(items, [{"$noSuchStage": {}}])
    await items.insert_one({})
    with pytest.raises(TimeoutError):  # a read that is cancelled
        async with asyncio.timeout(0.05):
            await fetches.find(items, {"$where": "sleep(5000) || true"}, {"_id": 1})
    await client.close()
    assert seen == [
        ("find", True),
        ("find", False),
        ("aggregate", True),
        ("aggregate", False),
        ("find", False),
    ]


async def test_the_reads_of_each_task_are_counted_with_those_of_the_tasks_it_starts(
    mongod: str, database_name: str
) -> None:
    client, fetches = connect(mongod), Fetches()
    items = client[database_name]["items"]

    async def read(times: int) -> Calls:
        calls = count_calls()
        await asyncio.gather(*(fetches.find(items, {}, {"_id": 1}) for _ in range(times)))
        return calls

    await fetches.find(items, {}, {"_id": 1})  # for nobody
    counted = await asyncio.gather(*(asyncio.create_task(read(times)) for times in (0, 1, 3)))
    await client.close()
    assert [calls.number for calls in counted] == [0, 1, 3]
