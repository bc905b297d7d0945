"""Finds of one turn of the event loop are one command, and keep apart what they find."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from store.reading.batch import Find, FindBatcher
from tests.schema.newsroom import Commands

pytestmark = pytest.mark.anyio

Database = AsyncDatabase[dict[str, Any]]


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
async def database(mongod: str, database_name: str, commands: Commands) -> AsyncIterator[Database]:
    async with AsyncMongoClient[dict[str, Any]](mongod, event_listeners=[commands]) as client:
        database = client[database_name]
        for letter in "ab":
            documents = [{"_id": f"{letter}{number}", "n": number} for number in range(4)]
            await database[letter].insert_many(documents)
        commands.noted = []
        yield database


def least(database: Database, collection: str, number: int) -> Find:
    return Find(database[collection], {"n": {"$gte": number}}, {"n": 1})


async def test_finds_of_one_turn_are_one_command(database: Database, commands: Commands) -> None:
    finder = FindBatcher()
    wanted = [
        least(database, "a", 3),
        least(database, "b", 2),
        least(database, "nothing", 0),
        least(database, "b", 9),
        least(database, "a", 2),
    ]
    found = await asyncio.gather(*(finder.find(lambda find=find: find) for find in wanted))
    assert [sorted(one["_id"] for one in documents) for documents in found] == [
        ["a3"],
        ["b2", "b3"],
        [],
        [],
        ["a2", "a3"],
    ]
    assert all(one.keys() == {"_id", "n"} for documents in found for one in documents)
    assert len(commands.noted) == 1


async def test_a_find_alone_is_a_plain_one(database: Database, commands: Commands) -> None:
    finder = FindBatcher()
    for number in (3, 2):
        found = await finder.find(lambda number=number: least(database, "a", number))
        assert len(found) == 4 - number
    assert [next(iter(command)) for command in commands.noted] == ["find", "find"]


async def test_what_is_wanted_is_settled_when_the_turn_is_over(database: Database) -> None:
    ids: list[str] = []
    finding = asyncio.ensure_future(
        FindBatcher().find(lambda: Find(database["a"], {"_id": {"$in": ids}}, {"n": 1}))
    )
    await asyncio.sleep(0)
    ids.append("a1")
    assert await finding == [{"_id": "a1", "n": 1}]


async def test_a_failed_call_fails_all_finds_of_its_turn_and_no_later_one(
    database: Database,
) -> None:
    finder = FindBatcher()
    bad = Find(database["b"], {"$bad": 1}, {"n": 1})
    wanted = [finder.find(lambda: least(database, "a", 0)), finder.find(lambda: bad)]
    failed = await asyncio.gather(*wanted, return_exceptions=True)
    assert [type(one) for one in failed] == [OperationFailure] * 2
    assert len(await finder.find(lambda: least(database, "a", 0))) == 4
