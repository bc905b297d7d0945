"""The batcher: one command for each tick of the event loop; what it found is not read again."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from store.documents import Document
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher, VisibleCollection
from store.reading.pages import Part
from tests.schema.newsroom import Commands

pytestmark = pytest.mark.anyio

Database = AsyncDatabase[Document]


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
async def database(mongod: str, database_name: str, commands: Commands) -> AsyncIterator[Database]:
    async with AsyncMongoClient[Document](mongod, event_listeners=[commands]) as client:
        database = client[database_name]
        for letter in "ab":
            documents = [{"_id": f"{letter}{n}", "n": n, "of": {"n": n}} for n in range(4)]
            await database[letter].insert_many(documents)
        commands.noted = []
        yield database


def at_least(database: Database, collection: str, number: int) -> VisibleCollection:
    """Return a collection whose documents are visible from a number on."""
    return VisibleCollection(database[collection], {"n": {"$gte": number}})


def ids_of(documents: Sequence[Document | None]) -> list[str | None]:
    """Return the ids of documents."""
    return [document["_id"] if document else None for document in documents]


async def test_all_ids_asked_for_in_one_tick_take_one_command(
    database: Database, commands: Commands
) -> None:
    batcher = FindBatcher(Fetches())
    a, b, nothing = (at_least(database, name, 1) for name in ("a", "b", "nothing"))
    found = await asyncio.gather(
        batcher.get(a, ["a3", "a1"], {"n": 1}),
        batcher.get(b, ["b2", "a1"], {"n": 1}),
        batcher.get(nothing, ["a1"], {"n": 1}),
        batcher.get(a, ["a1", "a2"], {"n": 1}),
        batcher.get(a, ["a2"], {"m": "$of.n"}),
    )
    assert list(found) == [
        [{"_id": "a3", "n": 3}, {"_id": "a1", "n": 1}],
        [{"_id": "b2", "n": 2}, None],
        [None],
        [{"_id": "a1", "n": 1}, {"_id": "a2", "n": 2}],
        [{"_id": "a2", "m": 2}],
    ]
    (command,) = commands.noted
    first, *others = command["pipeline"]
    assert first == {"$match": {"_id": {"$in": ["a1", "a2", "a3"]}, "n": {"$gte": 1}}}
    assert [stage["$unionWith"]["coll"] for stage in others[1:]] == ["b", "nothing", "a"]


async def test_the_ids_of_one_collection_alone_take_a_plain_find(
    database: Database, commands: Commands
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 2)
    assert await batcher.get(visible, ["a3", "a1", "a3"], {"n": 1}) == [
        {"_id": "a3", "n": 3},
        None,
        {"_id": "a3", "n": 3},
    ]
    (command,) = commands.noted
    assert command["find"] == "a"
    assert command["filter"] == {"_id": {"$in": ["a1", "a3"]}, "n": {"$gte": 2}}


async def test_lists_join_a_find_that_is_about_to_be_made(
    database: Database, commands: Commands
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 2)

    def last(limit: int, **match: object) -> Part:
        return Part(match, {"n": -1}, limit, {"_id": 1})

    alone = await batcher.part(database["b"], last(1))
    assert alone == [{"_id": "b3"}]
    found, *lists = await asyncio.gather(
        batcher.get(visible, ["a3", "a1"], {"n": 1}),
        batcher.part(database["b"], last(3)),
        batcher.part(database["a"], last(2)),
        batcher.part(database["b"], last(3, n=7)),
    )
    assert found == [{"_id": "a3", "n": 3}, None]
    assert [ids_of(one) for one in lists] == [["b3", "b2", "b1"], ["a3", "a2"], []]
    assert [next(iter(command.items())) for command in commands.noted] == [
        ("find", "b"),
        ("aggregate", "a"),
    ]


async def test_an_error_is_that_of_all_who_share_the_call(database: Database) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 2)
    results = await asyncio.gather(
        batcher.get(visible, ["a3"], {"n": 1}),
        batcher.part(database["b"], Part({"$no": 1}, {"n": 1}, 1, {"n": 1})),
        return_exceptions=True,
    )
    assert all(isinstance(result, OperationFailure) for result in results)
    assert await batcher.get(visible, ["a3"], {"n": 1}) == [{"_id": "a3", "n": 3}]


async def test_an_id_is_read_once_whether_it_was_found_or_not(
    database: Database, commands: Commands
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 2)
    first = await batcher.get(visible, ["a3", "a1"], {"n": 1})
    assert await batcher.get(visible, ["a1", "a3"], {"n": 1}) == first[::-1]
    assert len(commands.noted) == 1
    await batcher.get(visible, ["a3", "a2"], {"n": 1})
    assert commands.noted[1]["filter"]["_id"] == {"$in": ["a2"]}
    await batcher.get(visible, ["a3"], {"of": 1})  # other fields of the same document
    assert len(commands.noted) == 3


async def test_what_one_filter_hides_is_hidden_although_another_has_shown_it(
    database: Database,
) -> None:
    batcher, everything, few = (
        FindBatcher(Fetches()),
        at_least(database, "a", 0),
        at_least(database, "a", 3),
    )
    assert ids_of(await batcher.get(everything, ["a1"], {"n": 1})) == ["a1"]
    assert await batcher.get(few, ["a1"], {"n": 1}) == [None]


async def test_without_an_id_there_is_neither_a_document_nor_a_command(
    database: Database, commands: Commands
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 0)
    assert await batcher.get(visible, [], {"n": 1}) == []
    assert await batcher.get(visible, [None, None], {"n": 1}) == [None, None]
    assert commands.noted == []
    assert ids_of(await batcher.get(visible, [None, "a1"], {"n": 1})) == [None, "a1"]


async def test_ids_asked_for_while_a_command_runs_are_the_next_one(
    database: Database, commands: Commands
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 0)
    first = asyncio.ensure_future(batcher.get(visible, ["a0"], {"n": 1}))
    for _ in range(5):  # until the first command has been sent
        await asyncio.sleep(0)
    second = asyncio.ensure_future(batcher.get(visible, ["a1"], {"n": 1}))
    assert ids_of(await first) == ["a0"]
    assert ids_of(await second) == ["a1"]
    assert len(commands.noted) == 2


async def test_a_failed_command_fails_all_calls_of_its_tick_and_no_later_one(
    database: Database,
) -> None:
    batcher, visible = FindBatcher(Fetches()), at_least(database, "a", 0)
    bad = VisibleCollection(database["b"], {"$bad": 1})
    calls = [batcher.get(visible, ["a1"], {"n": 1}), batcher.get(bad, ["b1"], {"n": 1})]
    failed = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in failed] == [OperationFailure] * 2
    assert ids_of(await batcher.get(visible, ["a1"], {"n": 1})) == ["a1"]
