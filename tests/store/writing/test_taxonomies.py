"""Providers, topics and authors, recomputed from items and definitions in a real database."""

from typing import Any

import pytest
from pymongo.database import Database

from store.taxonomies import TAXONOMIES
from store.writing import taxonomies
from store.writing.candidates import Definition
from store.writing.taxonomies import TaxonomyWriter
from tests.store.writing.offers import authors, item, organization, provider, topic_definition

PAPER = "provider:p1.example"


@pytest.fixture
def writer(database: Database[Any]) -> TaxonomyWriter:
    return TaxonomyWriter(database)


def _define(database: Database[Any], file: str, *definitions: Definition) -> None:
    database["files"].insert_one({"_id": file, "definitions": [*definitions]})


def _counts(database: Database[Any], collection: str) -> dict[str, int]:
    return {found["_id"]: found["editor"]["itemCount"] for found in database[collection].find()}


def test_providers_count_their_items_and_not_their_mentions(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    mention = {"title": "Related", "provider": provider(2, "Other")}
    database["items"].insert_many(
        [
            item("a", provider=provider(1)),
            item("b", provider=provider(1), related=[mention]),
            item("c"),
        ]
    )
    writer.recompute([PAPER, "provider:p2.example", "provider:p3.example"])
    assert _counts(database, "providers") == {PAPER: 2, "provider:p2.example": 0}


def test_providers_take_the_images_of_the_best_item(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    for rank in ("1", "3", "2"):
        images = [{"url": f"/{rank}.png"}]
        database["items"].insert_one(item(rank, rank=rank, provider=provider(1, images=images)))
    writer.recompute([PAPER])
    (stored,) = database["providers"].find()
    assert stored["public"]["images"] == [{"url": "/3.png"}]


def test_the_definition_of_the_greatest_rank_wins(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    _define(database, "a", organization(1, "Best", rank="3"), organization(2, "Other"))
    _define(database, "b", organization(1, "Good", rank="2"))
    writer.recompute([PAPER])
    (stored,) = database["providers"].find()
    assert stored["public"]["name"] == "Best"


def test_topics_count_their_items_and_parents_follow_their_children(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    database["items"].insert_one(item("a", topics=["AI", "Law"]))
    _define(database, "t", topic_definition("AI", parent="Sciences"))
    _define(database, "u", topic_definition("AI", rank="0", parent="Arts"))
    writer.recompute(["topic:ai"])
    assert _counts(database, "topics") == {"topic:ai": 1, "topic:sciences": 0}


def test_a_parent_is_only_named_by_the_best_definition_of_a_child(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    _define(database, "t", topic_definition("AI", rank="2"))
    _define(database, "u", topic_definition("AI", rank="1", parent="Sciences"))
    writer.recompute(["topic:sciences"])
    assert _counts(database, "topics") == {}


def test_authors_count_their_items_and_have_the_name_that_most_use(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    for id_, names in (("a", ["Ada Moor", "Li"]), ("b", ["Ada Moor"]), ("c", ["ADA MOOR"])):
        database["items"].insert_one(item(id_, authors=authors(*names)))
    writer.recompute(["author:ada-moor", "author:li", "author:none"])
    assert _counts(database, "authors") == {"author:ada-moor": 3, "author:li": 1}
    stored = database["authors"].find_one({"_id": "author:ada-moor"})
    assert stored is not None
    assert stored["public"]["name"] == "Ada Moor"


def test_what_nothing_names_any_more_is_deleted(
    database: Database[Any], writer: TaxonomyWriter
) -> None:
    ids = [PAPER, "topic:ai", "author:li"]
    named = item("a", topics=["AI"], provider=provider(1), authors=authors("Li"))
    database["items"].insert_one(named)
    writer.recompute(ids)
    assert [len(_counts(database, each.collection)) for each in TAXONOMIES] == [1, 1, 1]
    database["items"].delete_many({})
    writer.recompute(ids)
    assert [len(_counts(database, each.collection)) for each in TAXONOMIES] == [0, 0, 0]


def test_what_is_up_to_date_is_not_written(database: Database[Any], writer: TaxonomyWriter) -> None:
    database["items"].insert_one(item("a", topics=["AI"]))
    writer.recompute(["topic:ai"])
    database["topics"].update_one({}, {"$set": {"mark": 1}})
    writer.recompute(["topic:ai"])
    assert database["topics"].count_documents({"mark": 1}) == 1


def test_any_number_of_ids_is_recomputed_in_batches(
    database: Database[Any], writer: TaxonomyWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taxonomies, "_BATCH", 2)
    database["items"].insert_one(item("a", topics=["A", "B", "C", "D", "E"]))
    writer.recompute(f"topic:{name}" for name in "abcde")
    assert len(_counts(database, "topics")) == 5


@pytest.mark.parametrize("stored", [False, True])
def test_a_document_that_another_load_wrote_meanwhile_is_worked_out_again(
    database: Database[Any],
    writer: TaxonomyWriter,
    monkeypatch: pytest.MonkeyPatch,
    stored: bool,
) -> None:
    database["items"].insert_one(item("a", topics=["AI"]))
    if stored:
        writer.recompute(["topic:ai"])
        database["items"].insert_one(item("b", topics=["AI"]))
    derive = writer._documents
    calls = 0

    def derive_while_another_load_writes(taxonomy: Any, ids: Any) -> Any:
        nonlocal calls
        calls += 1
        derived = derive(taxonomy, ids)
        if calls == 1:
            database["items"].insert_one(item("c", topics=["AI"]))
            TaxonomyWriter(database).recompute(["topic:ai"])
        return derived

    monkeypatch.setattr(writer, "_documents", derive_while_another_load_writes)
    writer.recompute(["topic:ai"])
    assert calls == 2
    assert _counts(database, "topics") == {"topic:ai": 3 if stored else 2}
