"""What a request fetches is counted while it arrives, and few of its calls run at a time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from bson import Binary, Decimal128, ObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.monitoring import CommandListener, CommandStartedEvent

from store.documents import Document, Pipeline
from store.reading.fetches import MAX_FETCHES, Fetches

pytestmark = pytest.mark.anyio

MIB = 2**20
Things = AsyncCollection[Document]


class TooMuch(Exception):
    """Raised by the tests' counter."""


class Counter:
    """Counts bytes up to a limit."""

    def __init__(self, limit: float = float("inf")) -> None:
        self.limit = limit
        self.bytes = 0

    def add(self, number: int) -> None:
        self.bytes += number
        if self.bytes > self.limit:
            raise TooMuch


class InFlight(CommandListener):
    """Counts the reads that the driver has sent and not received."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.getmores = 0

    def started(self, event: CommandStartedEvent) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.getmores += event.command_name == "getMore"

    def succeeded(self, event: object) -> None:  # noqa: ARG002
        self.now -= 1

    failed = succeeded


@pytest.fixture
def in_flight() -> InFlight:
    return InFlight()


@pytest.fixture
async def things(mongod: str, database_name: str, in_flight: InFlight) -> AsyncIterator[Things]:
    """Forty documents of a megabyte: three messages."""
    async with AsyncMongoClient[Document](mongod, event_listeners=[in_flight]) as client:
        collection = client[database_name]["things"]
        await collection.insert_many({"_id": n, "text": "x" * MIB} for n in range(40))
        yield collection


async def test_all_documents_of_several_messages_are_returned(things: Things) -> None:
    counter = Counter()
    fetches = Fetches(counter.add)
    found = await fetches.find(things, {}, {"text": 1}, sort={"_id": 1})
    assert [document["_id"] for document in found] == list(range(40))
    assert 40 * MIB < counter.bytes < 41 * MIB
    found = await fetches.aggregate(things, [{"$sort": {"_id": -1}}])
    assert [document["_id"] for document in found] == list(range(40))[::-1]
    assert 80 * MIB < counter.bytes < 82 * MIB


async def test_no_more_is_fetched_once_the_counter_raises(
    things: Things, in_flight: InFlight
) -> None:
    fetches = Fetches(Counter(limit=5 * MIB).add)
    with pytest.raises(TooMuch):
        await fetches.find(things, {}, {"text": 1})
    with pytest.raises(TooMuch):
        await fetches.aggregate(things, [{"$match": {}}])
    assert in_flight.getmores == 0


async def test_results_of_one_message_are_counted_after_the_first_ones(things: Things) -> None:
    few = {"_id": {"$lt": 4}}
    counter = Counter()
    fetches = Fetches(counter.add)
    for _ in range(MAX_FETCHES // 2):
        await fetches.find(things, few, {"text": 1})
        await fetches.aggregate(things, [{"$match": few}])
    assert counter.bytes == 0
    await fetches.find(things, few, {"text": 1})
    assert 4 * MIB < counter.bytes < 5 * MIB
    await fetches.aggregate(things, [{"$match": few}])
    assert 8 * MIB < counter.bytes < 9 * MIB


async def test_nothing_found_is_an_empty_list(things: Things) -> None:
    counter = Counter()
    assert await Fetches(counter.add).find(things, {"_id": -1}, {"_id": 1}) == []
    assert await Fetches(counter.add).aggregate(things, [{"$match": {"_id": -1}}]) == []
    assert counter.bytes <= 4


async def test_values_that_json_does_not_have_are_counted(things: Things) -> None:
    odd = {"_id": ObjectId(), "b": Binary(b"x" * 100), "d": Decimal128("1.5"), "n": float("nan")}
    await things.insert_one(odd)
    counter = Counter()
    fetches = Fetches(counter.add)
    for _ in range(MAX_FETCHES + 1):
        assert await fetches.find(things, {"_id": odd["_id"]}, {"text": 0})
    assert counter.bytes > 100


async def test_few_calls_of_a_request_run_at_a_time(things: Things, in_flight: InFlight) -> None:
    fetches = Fetches()
    pipelines: list[Pipeline] = [[{"$match": {"text": {"$regex": f"{n}$"}}}] for n in range(40)]
    found = await asyncio.gather(*(fetches.aggregate(things, each) for each in pipelines))
    assert found == [[]] * 40
    assert 1 < in_flight.most <= MAX_FETCHES
