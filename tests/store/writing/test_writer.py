"""The order of a batch's writes, which makes a load safe to kill."""

from typing import Any

import pytest
from pymongo.database import Database
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from store.connection import _OPTIONS, connect_blocking
from store.writing.batch import Outcome
from store.writing.writer import Writer
from tests.store.writing.offers import change, id_of, item, provider


class Written(CommandListener):
    """Remembers the collections that were written, in order."""

    def __init__(self) -> None:
        self.collections: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("insert", "update", "delete"):
            self.collections.append(event.command[event.command_name])

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


def test_the_intent_comes_first_and_the_manifest_last(
    mongod: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Written()
    monkeypatch.setitem(_OPTIONS, "event_listeners", [written])
    with connect_blocking(mongod) as client:
        writer = Writer(client[database_name])
        writer.apply([change("a.md", item("a", provider=provider(1)), state="new")])
        assert written.collections == ["intents", "items", "files", "intents"]
        written.collections.clear()
        writer.remove([id_of("a.md")])
        assert written.collections == ["intents", "items", "files", "intents"]


def test_unknown_files_are_removed_without_a_write(database: Database[Any]) -> None:
    assert Writer(database).remove([id_of("a.md")]) == Outcome()
    assert database.list_collection_names() == []


def test_an_application_can_be_repeated(database: Database[Any]) -> None:
    writer = Writer(database)
    changes = [change("a.md", item("a"), state="new"), change("b.md", item("a"), state="new")]
    first = writer.apply(changes)
    assert (first.inserted, first.superseded) == (1, 1)
    stored = list(database["items"].find())
    again = writer.apply(changes)
    assert (again.inserted, again.updated, again.changed) == (0, 0, False)
    assert list(database["items"].find()) == stored
