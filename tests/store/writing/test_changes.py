"""Writing the change feed: what it keeps, and what it deletes. See `test_completion.py`."""

from typing import Any

import pytest
from pymongo.database import Database

from store.changes import COLLECTION, head_id
from store.writing.changes import ChangeWriter
from store.writing.effects import Effects
from store.writing.intents import Intents


@pytest.fixture
def intents(database: Database[Any]) -> list[str]:
    """The ids of two intents."""
    writer = Intents(database["intents"])
    for topic in ("topic:a", "topic:b"):
        writer.start().add(Effects([topic]))
    return [intent["_id"] for intent in writer.pending()]


def _stored(database: Database[Any]) -> list[str]:
    return [found["_id"] for found in database[COLLECTION].find().sort("_id", 1)]


def test_a_version_has_one_head_and_an_entry_for_each_intent(
    database: Database[Any], intents: list[str]
) -> None:
    changes = ChangeWriter(database)
    changes.record(12, intents)
    head, *entries = database[COLLECTION].find().sort("_id", 1)
    assert head["_id"] == head_id(12)
    assert sorted(entry["taxonomies"] for entry in entries) == [["topic:a"], ["topic:b"]]

    changes.record(12, intents[:1])
    assert list(database[COLLECTION].find().sort("_id", 1)) == [head, *entries]


@pytest.mark.parametrize("bound", ["max_entries", "max_bytes"])
def test_the_oldest_versions_go_when_there_is_too_much(
    database: Database[Any], intents: list[str], bound: str
) -> None:
    ChangeWriter(database).record(1, intents)
    size = database.command("collStats", COLLECTION)["size"]
    # Of four versions, three fit.
    most = {"max_entries": 9} if bound == "max_entries" else {"max_bytes": size * 3}
    changes = ChangeWriter(database, **most)
    for version in (2, 3):
        changes.record(version, intents)
        changes.trim()
    assert _stored(database)[0] == head_id(1)

    changes.record(4, intents)
    changes.trim()
    stored = _stored(database)
    assert stored[0] == head_id(3)
    assert len(stored) == 6


def test_a_version_that_is_too_large_by_itself_goes_too(
    database: Database[Any], intents: list[str]
) -> None:
    changes = ChangeWriter(database, max_entries=2)
    changes.record(1, intents)
    changes.trim()
    assert _stored(database) == []
