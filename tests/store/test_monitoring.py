"""The observation of commands."""

import asyncio

import pytest
from pymongo import monitoring
from pymongo.errors import OperationFailure

from store.connection import connect, connect_blocking
from store.monitoring import Calls, count_calls, observe_commands


def test_commands_are_observed_with_duration_and_success(
    mongod: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Listeners are global to the process and cannot be removed.
    none = monitoring._Listeners([], [], [], [], [])
    monkeypatch.setattr(monitoring, "_LISTENERS", none)
    seen: list[tuple[str, bool]] = []

    def observe(command: str, seconds: float, succeeded: bool) -> None:
        assert 0 <= seconds < 60
        seen.append((command, succeeded))

    observe_commands(observe)
    with connect_blocking(mongod) as client:
        client[database_name]["items"].find_one()
        with pytest.raises(OperationFailure):
            client[database_name].command("noSuchCommand")
    assert {("find", True), ("noSuchCommand", False)} <= {*seen}


@pytest.mark.anyio
async def test_the_calls_of_each_task_are_counted_with_those_of_the_tasks_it_starts(
    mongod: str, database_name: str
) -> None:
    client = connect(mongod)
    items = client[database_name]["items"]

    async def call(times: int) -> Calls:
        calls = count_calls()
        await asyncio.gather(*(items.find_one() for _ in range(times)))
        return calls

    await items.find_one()  # for nobody
    counted = await asyncio.gather(*(asyncio.create_task(call(times)) for times in (0, 1, 3)))
    await client.close()
    assert [calls.number for calls in counted] == [0, 1, 3]
