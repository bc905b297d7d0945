"""Intents: what a killed load leaves for the next one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from store.writing.intents import Intents, has_uncounted_writes


@pytest.fixture
def intents(database: Database[Any]) -> Intents:
    return Intents(database["intents"])


def test_an_intent_that_names_nothing_is_not_stored(intents: Intents) -> None:
    intents.start().finish()
    assert intents.pending() == []


def test_an_intent_collects_the_ids_that_its_batch_affects(intents: Intents) -> None:
    intent = intents.start()
    intent.add([])
    intent.add(["topic:b", "topic:a"])
    intent.add(["topic:b"])
    intent.add(["topic:c"])
    (stored,) = intents.pending()
    assert stored["touched"] == ["topic:a", "topic:b", "topic:c"]


def test_the_intent_of_a_finished_batch_is_deleted(intents: Intents) -> None:
    intent = intents.start()
    intent.add(["topic:a"])
    intent.finish()
    assert not has_uncounted_writes(intents.pending())
    intents.clear(intents.pending())
    assert intents.pending() == []


def test_the_intent_of_an_unfinished_batch_stays_and_is_counted_once(intents: Intents) -> None:
    intents.start().add(["topic:a"])
    assert has_uncounted_writes(intents.pending())
    intents.clear(intents.pending())
    assert len(intents.pending()) == 1
    assert not has_uncounted_writes(intents.pending())


def test_an_abandoned_intent_is_deleted(database: Database[Any], intents: Intents) -> None:
    intents.start().add(["topic:a"])
    started = datetime.now(UTC) - timedelta(hours=1)
    database["intents"].update_one({}, {"$set": {"startedDateTime": started}})
    intents.clear(intents.pending())
    assert intents.pending() == []
