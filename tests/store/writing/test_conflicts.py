"""Several files that offer one item: the candidate of the greatest rank wins, whatever happens."""

from typing import Any

import pytest
from pymongo.database import Database

from store.writing.conflicts import Conflicts, Resolution
from store.writing.effects import Effects
from store.writing.intents import Intent, Intents
from tests.store.writing.offers import id_of, item, offer

OLD = item("x", title="Old", rank="1")
NEW = item("x", title="New", rank="2")


@pytest.fixture
def conflicts(database: Database[Any]) -> Conflicts:
    return Conflicts(database)


@pytest.fixture
def intent(database: Database[Any]) -> Intent:
    return Intents(database["intents"]).start()


def _queue(conflicts: Conflicts, file: str, offered: dict[str, Any]) -> None:
    conflicts.queue(offer(file, offered))


def _stored(database: Database[Any]) -> list[str]:
    return [item["title"] for item in database["items"].find()]


def _queued(database: Database[Any]) -> dict[str, str]:
    return {queued["file"]: queued["document"]["title"] for queued in database["superseded"].find()}


def test_the_greatest_rank_becomes_the_item_and_the_other_stays_queued(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    _queue(conflicts, "a.md", OLD)
    _queue(conflicts, "b.md", NEW)
    ended = conflicts.resolve(["item:x"], intent)
    assert ended == {"item:x": Resolution(id_of("b.md"), None, changed=True)}
    assert _stored(database) == ["New"]
    assert _queued(database) == {id_of("a.md"): "Old"}


def test_a_stored_item_that_loses_is_queued(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    _queue(conflicts, "a.md", OLD)
    conflicts.resolve(["item:x"], intent)
    _queue(conflicts, "b.md", NEW)
    ended = conflicts.resolve(["item:x"], intent)
    assert ended["item:x"] == Resolution(id_of("b.md"), id_of("a.md"), changed=True)
    assert _stored(database) == ["New"]
    assert _queued(database) == {id_of("a.md"): "Old"}


def test_a_stored_item_that_wins_stays(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    _queue(conflicts, "b.md", NEW)
    conflicts.resolve(["item:x"], intent)
    _queue(conflicts, "a.md", OLD)
    ended = conflicts.resolve(["item:x"], intent)
    assert ended["item:x"] == Resolution(id_of("b.md"), id_of("b.md"), changed=False)
    assert _queued(database) == {id_of("a.md"): "Old"}


def test_of_equal_ranks_the_later_file_wins(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    _queue(conflicts, "b.md", OLD | {"title": "B"})
    _queue(conflicts, "a.md", OLD | {"title": "A"})
    conflicts.resolve(["item:x"], intent)
    assert _stored(database) == ["B"]


def test_a_newer_version_of_the_items_file_takes_its_place_even_if_it_ranks_lower(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    _queue(conflicts, "a.md", NEW)
    conflicts.resolve(["item:x"], intent)
    _queue(conflicts, "a.md", OLD)
    conflicts.resolve(["item:x"], intent)
    assert _stored(database) == ["Old"]
    assert _queued(database) == {}


def test_the_best_of_a_stream_stays(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    for offered, title in ((NEW, "New"), (OLD, "New"), (NEW | {"title": "Newer"}, "Newer")):
        _queue(conflicts, "-", offered)
        conflicts.resolve(["item:x"], intent)
        assert _stored(database) == [title]


def test_nothing_is_resolved_where_there_is_nothing(conflicts: Conflicts, intent: Intent) -> None:
    ended = conflicts.resolve(["item:x"], intent)
    assert ended == {"item:x": Resolution(None, None, changed=False)}


def test_a_swap_is_repeated_when_another_load_changes_the_item_meanwhile(
    database: Database[Any],
    conflicts: Conflicts,
    intent: Intent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _queue(conflicts, "a.md", OLD)
    others = [*offer("b.md", NEW)]
    add = intent.add

    def add_while_another_load_writes(effects: Effects) -> None:
        add(effects)
        while others:
            database["items"].insert_one(others.pop().document)

    monkeypatch.setattr(intent, "add", add_while_another_load_writes)
    ended = conflicts.resolve(["item:x"], intent)
    assert ended["item:x"] == Resolution(id_of("b.md"), id_of("b.md"), changed=False)
    assert _stored(database) == ["New"]
    assert _queued(database) == {id_of("a.md"): "Old"}


def test_candidates_queued_again_meanwhile_stay(
    database: Database[Any],
    conflicts: Conflicts,
    intent: Intent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _queue(conflicts, "a.md", OLD)
    add = intent.add

    def add_while_another_load_queues(effects: Effects) -> None:
        add(effects)
        _queue(conflicts, "a.md", NEW)

    monkeypatch.setattr(intent, "add", add_while_another_load_queues)
    conflicts.resolve(["item:x"], intent)
    assert _stored(database) == ["Old"]
    assert _queued(database) == {id_of("a.md"): "New"}


def test_queued_candidates_are_dropped_by_file_and_item_or_when_stale(
    database: Database[Any], conflicts: Conflicts
) -> None:
    for file in ("a.md", "b.md", "c.md"):
        _queue(conflicts, file, OLD)
    assert conflicts.queued_ids(["item:x", "item:y"]) == {"item:x"}
    conflicts.drop([(id_of("a.md"), "item:x"), (id_of("b.md"), "item:y")])
    (same,), (newer,) = offer("b.md", OLD), offer("c.md", NEW)
    conflicts.drop_stale(same)
    conflicts.drop_stale(newer)
    assert _queued(database) == {id_of("b.md"): "Old"}


def test_candidates_that_an_earlier_version_queued_are_resolved(
    database: Database[Any], conflicts: Conflicts, intent: Intent
) -> None:
    (candidate,) = offer("a.md", NEW)
    database["superseded"].insert_one(
        {
            "_id": f"{candidate.file}#item:x",
            "item": "item:x",
            "file": candidate.file,
            "content": candidate.content,
            "rank": "2",
            "document": candidate.document,
            "turn": "of its first write",
        }
    )
    conflicts.resolve(["item:x"], intent)
    assert _stored(database) == ["New"]
    assert _queued(database) == {}
