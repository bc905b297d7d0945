"""Intents: what a killed load leaves for the next one. `effects` are what they name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from store.writing.candidates import ABSENT, Traits
from store.writing.effects import Effects
from store.writing.intents import Intent, Intents, uncounted


@pytest.fixture
def intents(database: Database[Any]) -> Intents:
    return Intents(database["intents"])


def _change(item: str, *labels: str) -> Effects:
    effects = Effects()
    effects.change(item, ABSENT, Traits(labels, frozenset()))
    return effects


def _touch(intent: Intent, *ids: str) -> None:
    intent.add(Effects(ids))


def _is_counted(intents: Intents) -> bool:
    return not uncounted(intents.pending())


def test_an_intent_that_names_nothing_is_not_stored(intents: Intents) -> None:
    intents.start().finish()
    assert intents.pending() == []


def test_an_intent_collects_what_its_batch_affects(
    database: Database[Any], intents: Intents
) -> None:
    intent = intents.start()
    _touch(intent)
    _touch(intent, "topic:b", "topic:a")
    _touch(intent, "topic:b")
    _touch(intent, "topic:c")
    intent.add(_change("item:b", "*"))
    intent.add(_change("item:a", "*", "type:x"))
    (stored,) = database["intents"].find()
    assert stored["touched"] == ["topic:a", "topic:b", "topic:c"]
    assert stored["items"] == ["item:b", "item:a"]
    assert stored["labels"] == ["*", "type:x"]


def test_intents_list_no_more_items_than_a_load_has_room_for(database: Database[Any]) -> None:
    one = sum(len(text) + 16 for text in ("item:1", "*"))
    intents = Intents(database["intents"], room=2 * one)
    first, second = intents.start(), intents.start()
    first.add(_change("item:1", "*"))
    second.add(_change("item:2", "*"))
    second.add(_change("item:3", "*"))
    intents.start().add(_change("item:4", "*"))
    listed = [intent.get("items") for intent in database["intents"].find()]
    assert sorted(listed, key=str) == [None, None, ["item:1"]]


def test_the_intent_of_a_finished_batch_is_counted_and_deleted(intents: Intents) -> None:
    intent = intents.start()
    _touch(intent, "topic:a")
    intent.finish()
    assert not _is_counted(intents)
    intents.clear(intents.pending())
    assert intents.pending() == []


def test_a_finished_batch_that_wrote_nothing_needs_no_version(intents: Intents) -> None:
    intent = intents.start()
    _touch(intent)
    assert not _is_counted(intents)
    intent.finish()
    assert _is_counted(intents)


def test_the_intent_of_an_unfinished_batch_stays_and_is_counted_once(intents: Intents) -> None:
    intent = intents.start()
    _touch(intent, "topic:a")
    assert not _is_counted(intents)
    intents.clear(intents.pending())
    assert len(intents.pending()) == 1
    assert _is_counted(intents)
    intent.finish()  # it may have written more since then
    assert not _is_counted(intents)


def test_an_abandoned_intent_is_counted_again_and_deleted(
    database: Database[Any], intents: Intents
) -> None:
    _touch(intents.start(), "topic:a")
    intents.clear(intents.pending())
    started = datetime.now(UTC) - timedelta(hours=1)
    database["intents"].update_one({}, {"$set": {"startedDateTime": started}})
    assert not _is_counted(intents)
    intents.clear(intents.pending())
    assert intents.pending() == []
