"""Bulk writes, and the writes in them whose id was taken."""

from typing import Any

import pytest
from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from store.writing.bulk_write import Write, write_unordered


def test_writes_whose_id_is_taken_are_reported_and_the_others_made(
    database: Database[Any],
) -> None:
    items = database["items"]
    items.insert_many([{"_id": id_, "n": 1} for id_ in "abc"])
    writes: list[Write] = [
        InsertOne({"_id": "a", "n": 2}),
        InsertOne({"_id": "d", "n": 2}),
        ReplaceOne({"_id": "b", "n": 1}, {"_id": "b", "n": 2}, upsert=True),
        ReplaceOne({"_id": "b", "n": 1}, {"_id": "b", "n": 3}, upsert=True),
        DeleteOne({"_id": "c", "n": 2}),
    ]
    assert write_unordered(items, writes) == [0, 3]
    stored = {item["_id"]: item["n"] for item in items.find()}
    assert stored == {"a": 1, "b": 2, "c": 1, "d": 2}


def test_no_writes_are_no_round_trip(database: Database[Any]) -> None:
    assert write_unordered(database["items"], []) == []
    assert database.list_collection_names() == []


def test_another_failure_is_raised(database: Database[Any]) -> None:
    items = database["items"]
    items.insert_one({"_id": "a", "n": 1})
    wrong: list[Write] = [
        InsertOne({"_id": "a"}),
        ReplaceOne({"_id": {"$bad": 1}}, {}, upsert=True),
    ]
    with pytest.raises(BulkWriteError):
        write_unordered(items, wrong)
