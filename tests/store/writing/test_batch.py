"""What a batch does to items, and what it counts."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pymongo.database import Database

from store.writing.batch import Batch, Loss, Outcome
from store.writing.candidates import Candidate, FileChange
from store.writing.conflicts import Conflicts
from store.writing.intents import Intents
from store.writing.manifest import Manifest
from tests.store.writing.offers import change, id_of, item, organization, provider, topic_definition

Apply = Callable[..., Outcome]


@pytest.fixture
def apply(database: Database[Any]) -> Apply:
    """Carry out changes as `Writer.apply` does."""

    def apply(*changes: FileChange) -> Outcome:
        manifest = Manifest(database["files"])
        before = manifest.documents([change.file for change in changes])
        intents = Intents(database["intents"])
        batch = Batch(database["items"], Conflicts(database), intents.start())
        batch.plan_changes(changes, before)
        batch.carry_out()
        manifest.record(changes, before)
        batch.finish()
        return batch.outcome

    return apply


def _titles(database: Database[Any]) -> dict[str, str]:
    return {item["_id"]: item["title"] for item in database["items"].find()}


def _announced(database: Database[Any]) -> set[str]:
    """Return the ids that intents name, and delete the intents."""
    ids = {id_ for intent in database["intents"].find() for id_ in intent["touched"]}
    database["intents"].delete_many({})
    return ids


def test_new_items_are_inserted_changed_ones_updated_and_gone_ones_deleted(
    database: Database[Any], apply: Apply
) -> None:
    first = apply(change("a.json", item("a"), item("b"), item("c"), state="new"))
    assert first == Outcome(inserted=3, changed=True)
    second = apply(change("a.json", item("a"), item("b", title="New")))
    assert second == Outcome(updated=1, unchanged=1, changed=True)
    assert _titles(database) == {"item:a": "Title", "item:b": "New"}
    assert apply(change("a.json", item("a"), item("b", title="New"))) == Outcome(unchanged=2)


def test_a_faulty_file_deletes_nothing(database: Database[Any], apply: Apply) -> None:
    apply(change("a.json", item("a"), item("b"), state="new"))
    apply(change("a.json", item("a"), state="faulty"))
    assert _titles(database).keys() == {"item:a", "item:b"}


def test_a_load_that_repeats_the_writes_of_a_killed_one_changes_nothing(apply: Apply) -> None:
    new = change("a.md", item("a"), state="new")
    apply(new)
    assert apply(new) == Outcome(unchanged=1)


def test_the_loser_of_a_conflict_is_counted_and_named(
    database: Database[Any], apply: Apply
) -> None:
    a, b = id_of("a.md"), id_of("b.md")
    old, new = item("x", title="Old", rank="1"), item("x", title="New", rank="2")
    apply(change("a.md", old, state="new"))
    better = apply(change("b.md", new, state="new"))
    assert better == Outcome(superseded=1, losses=[Loss(a, b, "item:x")], changed=True)
    worse = apply(change("a.md", old | {"title": "Older"}))
    assert worse == Outcome(superseded=1, losses=[Loss(a, b, "item:x")])
    assert _titles(database) == {"item:x": "New"}


@pytest.mark.parametrize("fall", ["rank", "removal"])
def test_a_queued_candidate_takes_over_when_the_item_falls_in_rank_or_goes(
    database: Database[Any], apply: Apply, fall: str
) -> None:
    old, new = item("x", title="Old", rank="2"), item("x", title="New", rank="3")
    apply(change("a.md", old, state="new"))
    apply(change("b.md", new, state="new"))
    if fall == "rank":
        outcome = apply(change("b.md", new | {"rank": "1"}))
        assert outcome == Outcome(updated=1, changed=True)
    else:
        assert apply(change("b.md")) == Outcome(changed=True)
    assert _titles(database) == {"item:x": "Old"}


def test_a_file_that_no_longer_gives_another_files_item_leaves_the_queue(
    database: Database[Any], apply: Apply
) -> None:
    old, new = item("x", title="Old", rank="1"), item("x", title="New", rank="2")
    apply(change("a.md", old, state="new"))
    apply(change("b.md", new, state="new"))
    apply(change("a.md"))
    assert database["superseded"].count_documents({}) == 0
    assert _titles(database) == {"item:x": "New"}


class _ConflictsOverGoneItems(Conflicts):
    """Another load deletes all items before the conflicts are resolved."""

    def queue(self, candidates: Iterable[Candidate]) -> None:
        super().queue(candidates)
        self._items.delete_many({})


def test_the_only_candidate_left_in_a_conflict_is_an_insertion_or_an_update(
    database: Database[Any], apply: Apply
) -> None:
    apply(change("a.md", item("x"), state="new"))
    lost = change("b.md", item("x", title="New"), state="new")
    manifest = Manifest(database["files"])
    conflicts = _ConflictsOverGoneItems(database)
    batch = Batch(database["items"], conflicts, Intents(database["intents"]).start())
    batch.plan_changes([lost], manifest.documents([]))
    batch.carry_out()
    assert batch.outcome == Outcome(inserted=1, changed=True)

    # Another load changes the item of the same file.
    before = manifest.documents([id_of("a.md")])
    database["items"].delete_many({})
    apply(change("a.md", item("x", title="1"), state="new"))
    batch = Batch(database["items"], Conflicts(database), Intents(database["intents"]).start())
    batch.plan_changes([change("a.md", item("x", title="2"))], before)
    database["items"].update_one({}, {"$set": {"source.content": "of another load"}})
    batch.carry_out()
    assert batch.outcome == Outcome(updated=1, changed=True)
    assert _titles(database) == {"item:x": "2"}


def test_definitions_are_counted_like_items(apply: Apply) -> None:
    ai, law, paper = topic_definition("AI"), topic_definition("Law"), organization(1, "Paper")
    new = change("a.json", ai, law, paper, state="new")
    assert apply(new) == Outcome(inserted=3, changed=True)
    assert apply(new._replace(is_new=False)) == Outcome(unchanged=3)
    changed = change("a.json", ai, topic_definition("Law", rank="2"), topic_definition("Robots"))
    assert apply(changed) == Outcome(inserted=1, updated=1, unchanged=1, changed=True)
    assert apply(change("a.json", ai)) == Outcome(unchanged=1, changed=True)


def test_an_intent_names_the_providers_and_topics_that_become_stale(
    database: Database[Any], apply: Apply
) -> None:
    apply(
        change("a.md", item("a", topics=["AI"], provider=provider(1)), state="new"),
        change("t.yaml", topic_definition("AI", parent="Sciences"), state="new"),
    )
    assert _announced(database) == {"topic:ai", "topic:sciences", "provider:p1.example"}
    apply(change("a.md", item("a", topics=["AI", "Law"], provider=provider(1))))
    assert _announced(database) == {"topic:law"}
    apply(change("a.md"))
    assert _announced(database) == {"topic:ai", "topic:law", "provider:p1.example"}
    apply(change("t.yaml", topic_definition("AI")))
    assert _announced(database) == {"topic:ai", "topic:sciences"}
    apply(change("t.yaml", topic_definition("AI")))
    assert _announced(database) == set()


def test_a_batch_without_writes_stores_no_intent(database: Database[Any], apply: Apply) -> None:
    apply(change("a.md", item("a"), state="new"))
    database["intents"].delete_many({})
    apply(change("a.md", item("a")))
    assert database["intents"].count_documents({}) == 0


def test_removed_files_take_their_items_and_definitions_along(
    database: Database[Any], apply: Apply
) -> None:
    apply(
        change("a.md", item("a", provider=provider(1)), state="new"),
        change("t.yaml", topic_definition("AI", parent="Sciences"), state="new"),
        change("b.md", item("b"), state="new"),
    )
    _announced(database)
    files = Manifest(database["files"]).documents([id_of("a.md"), id_of("t.yaml")])
    batch = Batch(database["items"], Conflicts(database), Intents(database["intents"]).start())
    batch.plan_removal(files.values())
    batch.carry_out()
    assert batch.outcome == Outcome(pruned=2, changed=True)
    assert _titles(database).keys() == {"item:b"}
    assert _announced(database) == {"topic:ai", "topic:sciences", "provider:p1.example"}
