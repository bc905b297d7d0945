"""Items turn when their time comes, once, with all that is derived from them, whoever is killed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from store.errors import StoreError
from store.schedule import Status
from store.writing.clock import ItemClock, SharedClock
from store.writing.completion import Completion
from store.writing.corpus import CorpusWriter
from store.writing.session import Session
from tests.store.mirror import Mirror
from tests.store.writing.offers import change, item, provider

NOW = datetime.now(UTC).replace(microsecond=0)
SECOND = timedelta(seconds=1)


class Time:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def _load(database: Database[Any], *items: Any, shows_future: bool = False) -> None:
    session = Session(database, shows_future=shows_future)
    session.prepare()
    session.apply([change(f"{each['_id'][5:]}.md", each) for each in items])
    session.finish()


def _item(name: str, start: timedelta | None, end: timedelta | None = None) -> Any:
    fields: dict[str, Any] = {"provider": provider(1)}
    if start is not None:
        fields["publishedDateTime"] = NOW + start
    if end is not None:
        fields["unpublishDateTime"] = NOW + end
    return item(name, **fields)


def _published(database: Database[Any]) -> str:
    found = database["items"].find({"published": True}).sort("_id")
    return " ".join(each["_id"][5:] for each in found)


def _version(database: Database[Any]) -> int:
    return CorpusWriter(database["meta"]).version()


def _public_count(database: Database[Any]) -> int:
    (paper,) = database["providers"].find()
    return int(paper.get("public", {}).get("itemCount", 0))


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def clock(mongod: str, database: Database[Any], time: Time) -> Any:
    """A clock of a process that serves."""
    with MongoClient[Any](mongod, tz_aware=True) as client:
        yield SharedClock(client, database.name, shows_future=False, now=time)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_items_turn_at_their_second_and_not_before(
    mongod: str, database: Database[Any], clock: SharedClock, time: Time
) -> None:
    _load(
        database,
        _item("now", -HOUR),
        _item("later", HOUR, DAY),
        _item("undated", None, 2 * HOUR),
        _item("draft", HOUR) | {"published": False},
    )
    mirror = Mirror(mongod, database.name)
    mirror.follow()
    version = _version(database)
    for at, published, count in (
        (timedelta(0), "now undated", 2),
        (HOUR - SECOND, "now undated", 2),
        (HOUR, "later now undated", 3),
        (2 * HOUR - SECOND, "later now undated", 3),
        (2 * HOUR, "later now", 2),
        (DAY - SECOND, "later now", 2),
        (DAY, "now", 1),
        (9 * DAY, "now", 1),
    ):
        time.now = NOW + at
        tick = clock.tick()
        assert not tick.is_behind
        assert (_published(database), _public_count(database)) == (published, count), at
        mirror.follow()
        followed = {id_: each["published"] for id_, each in mirror.items.items()}
        assert followed == {each["_id"]: each["published"] for each in database["items"].find()}
    assert tick.next_turn is None
    assert _version(database) == version + 3
    statuses = {each["_id"][5:]: each.get("status") for each in database["items"].find()}
    assert statuses == {
        "now": None, "later": Status.EXPIRED, "undated": Status.EXPIRED, "draft": Status.DRAFT,
    }  # fmt: skip
    assert list(database["intents"].find()) == []
    assert database["leases"].find_one() is None


def test_a_night_that_was_slept_through_is_caught_up_with(
    database: Database[Any], clock: SharedClock, time: Time
) -> None:
    items = [_item(f"i{number:03}", number * SECOND + HOUR) for number in range(600)]
    _load(database, *items)
    assert _published(database) == ""
    time.now = NOW + DAY
    assert not clock.tick().is_behind
    assert len(_published(database).split()) == 600
    assert _version(database) == 2


def test_a_load_turns_what_is_due_itself(database: Database[Any]) -> None:
    _load(database, _item("a", HOUR))
    assert _published(database) == ""
    # Its hour passes.
    past = {"publishedDateTime": NOW - SECOND, "turnsAt": NOW - SECOND}
    database["items"].update_one({}, {"$set": past})
    _load(database)
    assert (_published(database), _version(database)) == ("a", 2)
    _load(database)
    assert _version(database) == 2


def test_only_the_holder_of_the_lease_turns_items(
    mongod: str, database: Database[Any], clock: SharedClock, time: Time
) -> None:
    _load(database, _item("a", HOUR))
    with MongoClient[Any](mongod, tz_aware=True) as client:
        other = SharedClock(client, database.name, shows_future=False, now=time)
        assert other._lease.take()
        time.now = NOW + HOUR
        assert clock.tick() == (time.now, True)
        assert _published(database) == ""
        assert not other.tick().is_behind
        assert clock.tick() == (None, False)
    assert (_published(database), _version(database)) == ("a", 2)


def test_a_killed_holder_is_replaced_and_its_turns_completed(
    database: Database[Any], clock: SharedClock, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    _load(database, _item("a", HOUR))
    time.now = NOW + HOUR
    monkeypatch.setattr(Completion, "complete", kill)
    with pytest.raises(Killed):
        clock.tick()
    monkeypatch.undo()
    assert (_published(database), _version(database), _public_count(database)) == ("a", 1, 0)

    clock._lease._holder["holder"] = "another"
    assert clock.tick() == (None, False)
    assert _version(database) == 1  # it may yet come to it
    database["leases"].update_one({"_id": "clock"}, {"$set": {"until": NOW - HOUR}})
    clock.tick()
    assert (_version(database), _public_count(database)) == (2, 1)


def test_an_item_that_a_load_replaces_meanwhile_is_left_to_it(
    database: Database[Any], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    _load(database, _item("a", HOUR))
    time.now = NOW + HOUR
    find = ItemClock._due

    def find_and_replace(clock: ItemClock, limit: int) -> Any:
        found = find(clock, limit)
        monkeypatch.undo()
        _load(database, _item("a", DAY))
        return found

    monkeypatch.setattr(ItemClock, "_due", find_and_replace)
    ItemClock(database, shows_future=False, now=time).turn_due()
    assert _published(database) == ""


def test_the_setting_can_change(mongod: str, database: Database[Any], clock: SharedClock) -> None:
    _load(database, _item("a", HOUR), _item("b", HOUR, 2 * HOUR), shows_future=True)
    assert (_published(database), _public_count(database)) == ("a b", 2)
    clock.tick()
    assert (_published(database), _public_count(database)) == ("", 0)
    _load(database, shows_future=True)
    assert _published(database) == "a b"
    _load(database)
    assert _published(database) == ""
    with MongoClient[Any](mongod, tz_aware=True) as client:
        SharedClock(client, database.name, shows_future=True, now=lambda: NOW).tick()
    assert _published(database) == "a b"


def test_damaged_items_do_not_stop_the_clock(
    database: Database[Any], clock: SharedClock, time: Time
) -> None:
    _load(database, _item("a", HOUR), _item("b", HOUR), _item("c", HOUR), _item("d", -HOUR))
    update = database["items"].update_one
    update({"_id": "item:a"}, {"$unset": {"related": "", "labels": ""}})
    update({"_id": "item:c"}, {"$set": {"publishedDateTime": "soon", "source": 5}})
    update({"_id": "item:d"}, {"$set": {"sort.newest": "0"}})
    time.now = NOW + HOUR
    for _ in range(2):
        assert clock.tick() == (None, False)
    assert (_published(database), _version(database)) == ("b d", 2)


def test_nothing_is_done_before_the_first_load(database: Database[Any], clock: SharedClock) -> None:
    assert clock.tick() == (None, False)
    database["items"].insert_one({"_id": "item:old", "turnsAt": NOW - DAY, "published": False})
    assert clock.tick() == (None, False)
    assert database["leases"].count_documents({}) == 0


def test_an_unreachable_server_is_a_store_error() -> None:
    clock = SharedClock.connect(
        "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50", "x", shows_future=False
    )
    with pytest.raises(StoreError):
        clock.tick()
    clock.close()
