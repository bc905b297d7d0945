"""Reading the change feed: places, steps, and places that are gone.

`tests/store/writing/test_completion.py` has what loads write, killed ones too.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from store.changes import COLLECTION, head_id
from store.reading import changes as module
from store.reading.changes import Change, Changes, Place, PlaceGone
from store.reading.store import Store
from store.writing.changes import ChangeWriter
from store.writing.corpus import CorpusWriter
from store.writing.effects import Effects
from store.writing.intents import Intents

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(mongod: str, database_name: str) -> Iterator[Database[Any]]:
    with MongoClient[Any](mongod) as client:
        yield client[database_name]


@pytest.fixture
async def changes(mongod: str, database_name: str) -> AsyncIterator[Changes]:
    store = Store.connect(mongod, database_name)
    yield store.changes
    await store.close()


def _record(database: Database[Any], version: int, *topics: str) -> None:
    """Store a version that affects these topics."""
    intents = Intents(database["intents"])
    intents.start().add(Effects(topics))
    ChangeWriter(database).record(version, [intent["_id"] for intent in intents.pending()])
    database["intents"].delete_many({})


def _raise(database: Database[Any], version: int, *topics: str) -> None:
    _record(database, version, *topics)
    assert CorpusWriter(database["meta"]).raise_version(version, {})


def _topics(changes: list[Change]) -> list[tuple[int, set[str]]]:
    return [(change.version, {*change.taxonomies}) for change in changes]


async def test_an_empty_database_has_a_place(changes: Changes, database: Database[Any]) -> None:
    place = await changes.latest()
    assert await changes.after(place) == ([], place)
    _raise(database, 1, "topic:a")
    step = await changes.after(place)
    assert _topics(step.changes) == [(1, {"topic:a"})]
    assert step.place == await changes.latest() != place


async def test_a_step_ends_at_the_version_that_was_reached(
    changes: Changes, database: Database[Any]
) -> None:
    _raise(database, 1)
    place = await changes.latest()
    _record(database, 2, "topic:a")  # by a load that is still running, or was killed
    assert await changes.after(place) == ([], place)
    _raise(database, 2, "topic:b")
    _raise(database, 3, "topic:c")
    step = await changes.after(place)
    assert sorted(map(str, _topics(step.changes[:2]))) == ["(2, {'topic:a'})", "(2, {'topic:b'})"]
    assert _topics(step.changes[2:]) == [(3, {"topic:c"})]
    assert await changes.after(step.place) == ([], step.place)


async def test_steps_are_of_so_many_versions_at_most(
    changes: Changes, database: Database[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_VERSIONS_AT_ONCE", 2)
    place = await changes.latest()
    for version in range(1, 6):
        _raise(database, version, f"topic:{version}")
    seen: list[int] = []
    while (step := await changes.after(place)).place != place:
        place = step.place
        assert len(step.changes) <= 2
        seen += [change.version for change in step.changes]
    assert seen == [1, 2, 3, 4, 5]


async def test_a_place_is_gone_when_its_head_or_a_later_one_is_missing(
    changes: Changes, database: Database[Any]
) -> None:
    places = [await changes.latest()]
    for version in range(1, 4):
        _raise(database, version)
        places.append(await changes.latest())
    database[COLLECTION].delete_one({"_id": head_id(2)})
    for place in places[:3]:
        with pytest.raises(PlaceGone, match="begin again"):
            await changes.after(place)
    assert (await changes.after(places[3])).changes == []


async def test_a_version_of_an_earlier_release_has_a_place_and_breaks_the_feed(
    changes: Changes, database: Database[Any]
) -> None:
    corpus = CorpusWriter(database["meta"])
    assert corpus.raise_version(1, {})
    place = await changes.latest()
    assert place == Place(1, "")
    _raise(database, 2, "topic:a")
    step = await changes.after(place)
    assert _topics(step.changes) == [(2, {"topic:a"})]

    assert corpus.raise_version(3, {})
    with pytest.raises(PlaceGone):
        await changes.after(step.place)


async def test_a_place_of_a_dropped_database_is_gone(
    changes: Changes, database: Database[Any]
) -> None:
    _raise(database, 1)
    first = await changes.latest()
    _raise(database, 2)
    second = await changes.latest()
    database.client.drop_database(database.name)
    for place in (first, second):
        with pytest.raises(PlaceGone):
            await changes.after(place)
    _raise(database, 1)
    for place in (first, second):
        with pytest.raises(PlaceGone):
            await changes.after(place)


async def test_a_version_that_a_new_primary_does_not_report_yet_is_not_gone(
    changes: Changes, database: Database[Any]
) -> None:
    _raise(database, 1)
    _record(database, 2)
    head = database[COLLECTION].find_one({"_id": head_id(2)}) or {}
    place = Place(2, head["token"])
    assert await changes.after(place) == ([], place)


async def test_entries_deleted_while_they_are_read_are_noticed(
    changes: Changes, database: Database[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raise(database, 1)
    place = await changes.latest()
    _raise(database, 2, "topic:a")
    step = module._step

    def trim_then_step(*arguments: Any) -> Any:
        ChangeWriter(database, max_entries=0).trim()
        return step(*arguments)

    monkeypatch.setattr(module, "_step", trim_then_step)
    with pytest.raises(PlaceGone):
        await changes.after(place)


def test_a_change_may_touch_the_lists_of_its_labels() -> None:
    change = Change(1, frozenset({"item:a"}), frozenset({"*", "category:News"}), frozenset())
    assert change.may_touch(["*"])
    assert change.may_touch(["*", "category:News"])
    assert not change.may_touch(["category:News", "type:Story"])
    assert change._replace(labels=None).may_touch(["type:Story"])
