"""Completing writes: the change feed is whole and the version rises, wherever writers are killed.

Covers `completion` and `effects`; a mirror of the items reads the feed.
"""

import contextlib
from typing import Any

import pytest
from pymongo.database import Database

from store.writing.batch import Batch
from store.writing.changes import ChangeWriter
from store.writing.completion import Completion
from store.writing.corpus import CorpusWriter
from store.writing.effects import Effects
from store.writing.intents import Intent, Intents
from store.writing.manifest import Manifest
from store.writing.session import Session
from store.writing.taxonomies import TaxonomyWriter
from store.writing.writer import Writer
from tests.store.mirror import Mirror
from tests.store.writing.offers import change, id_of, item, provider


class _Killed(BaseException):
    """The end of a process."""


def _load(database: Database[Any], *titles: tuple[str, str]) -> None:
    session = Session(database)
    session.prepare()
    for name, title in titles:
        session.apply([change(f"{name}.md", item(name, title=title, provider=provider(1)))])
    session.finish()


@pytest.fixture
def mirror(mongod: str, database: Database[Any]) -> Mirror:
    """A mirror of a database with two items."""
    _load(database, ("a", "A"), ("b", "B"))
    mirror = Mirror(mongod, database.name)
    mirror.follow()
    assert mirror.copies == 1
    return mirror


def _items(database: Database[Any]) -> dict[str, Any]:
    return {item["_id"]: item for item in database["items"].find()}


def _version(database: Database[Any]) -> int:
    return CorpusWriter(database["meta"]).version()


STEPS: list[tuple[type, str]] = [
    (Intent, "add"),
    (Batch, "_write"),
    (Manifest, "record"),
    (Batch, "finish"),
    (TaxonomyWriter, "recompute"),
    (ChangeWriter, "record"),
    (CorpusWriter, "raise_version"),
    (Intents, "clear"),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0].__name__}.{step[1]}")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reader_misses_nothing_of_a_load_that_is_killed(
    database: Database[Any],
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[type, str],
    when: str,
) -> None:
    killed = getattr(*step)

    def kill(*args: Any, **named: Any) -> None:
        if when == "after":
            killed(*args, **named)
        raise _Killed

    monkeypatch.setattr(*step, kill)
    with pytest.raises(_Killed):
        _load(database, ("a", "New"))
    monkeypatch.undo()
    mirror.follow()
    _load(database)
    mirror.follow()
    assert mirror.items == _items(database)
    is_new = mirror.items["item:a"]["title"] == "New"
    assert not is_new or _version(database) > 1

    _load(database, ("a", "New"))
    mirror.follow()
    assert mirror.items == _items(database)
    assert mirror.items["item:a"]["title"] == "New"
    assert mirror.copies == 1


@pytest.mark.parametrize("fate", ["lives", "is killed"])
def test_a_reader_misses_nothing_of_two_loads_that_raise_the_version_at_once(
    database: Database[Any], mirror: Mirror, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    record = ChangeWriter.record

    def record_too_late(writer: ChangeWriter, version: int, intents: Any) -> None:
        monkeypatch.undo()
        # The other load must not complete this one's batch, which it would if it saw its intent.
        hidden = list(database["intents"].find())
        database["intents"].delete_many({})
        _load(database, ("b", "Newer"))
        database["intents"].insert_many(hidden)
        mirror.follow()  # it passes the version for which this load is about to record
        record(writer, version, intents)
        if fate == "is killed":
            raise _Killed

    monkeypatch.setattr(ChangeWriter, "record", record_too_late)
    with contextlib.suppress(_Killed):
        _load(database, ("a", "New"))
    _load(database)
    mirror.follow()

    assert {item["title"] for item in mirror.items.values()} == {"New", "Newer"}
    assert mirror.items == _items(database)
    assert _version(database) == 3
    assert mirror.copies == 1


def test_a_writer_without_a_session_completes_its_writes(
    database: Database[Any], mirror: Mirror
) -> None:
    intent = Intents(database["intents"]).start()
    effects = Effects(["provider:p1.example"])
    effects.items.add("item:a")
    effects.labels.update(("*", "provider:p1.example"))
    intent.add(effects)
    database["items"].update_one({"_id": "item:a"}, {"$set": {"published": False}})
    intent.finish()
    Completion(database).complete()

    mirror.follow()
    assert mirror.items == _items(database)
    (seen,) = mirror.changes
    assert (seen.version, seen.items) == (2, {"item:a"})
    assert (seen.labels, seen.taxonomies) == (effects.labels, effects.taxonomies)
    (paper,) = database["providers"].find()
    assert (paper["public"]["itemCount"], paper["editor"]["itemCount"]) == (1, 2)
    assert list(database["intents"].find()) == []


def test_changes_name_the_labels_that_items_had_and_have(
    database: Database[Any], mirror: Mirror
) -> None:
    session = Session(database)
    session.prepare()
    session.apply([change("a.md", item("a", topics=["AI"], category="News"))])
    session.finish()
    mirror.follow()
    (seen,) = mirror.changes
    assert seen.items == {"item:a"}
    assert seen.labels == {"*", "no-image", "provider:p1.example", "topic:ai", "category:news"}
    assert seen.taxonomies == {"provider:p1.example", "topic:ai"}

    session.remove([id_of("a.md")])
    session.finish()
    mirror.follow()
    (seen,) = mirror.changes
    assert (seen.items, seen.labels) == ({"item:a"}, {"*", "no-image", "topic:ai", "category:news"})
    assert mirror.items.keys() == {"item:b"}


def test_changes_name_the_items_whose_conflict_ended_another_way(
    database: Database[Any], mirror: Mirror
) -> None:
    writer = Writer(database)
    writer.apply([change("c.md", item("b", title="Best", rank="9", type="Story"), state="new")])
    Completion(database).complete()
    mirror.follow()
    (seen,) = mirror.changes
    assert seen.items == {"item:b"}
    assert seen.labels == {"*", "no-image", "type:story", "provider:p1.example"}
    assert mirror.items["item:b"]["title"] == "Best"

    writer.remove([id_of("c.md")])
    Completion(database).complete()
    mirror.follow()
    assert mirror.items["item:b"]["title"] == "B"


def test_of_a_first_load_only_that_it_changed_anything_is_in_the_feed(
    database: Database[Any], mirror: Mirror
) -> None:
    assert [*database["changes"].find({"token": {"$exists": False}}, {"_id": 0})] == [
        {"version": 1, "taxonomies": taxonomies}
        for taxonomies in (["provider:p1.example"], ["provider:p1.example"])
    ]
    mirror.follow()
    assert mirror.changes == []
