"""Which items are damaged.

Covers `checked_items` too; `tests/schema/test_damage.py` has the queries.
"""

from pathlib import Path

import pytest
from bson import Int64
from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from store.documents import Document
from store.reading.soundness import WHOLE_ITEM, problem_of
from store.reading.store import Store
from tests.store.reading.damages import DAMAGES

pytestmark = pytest.mark.anyio

CONTENT = Path(__file__).parents[3] / "examples/content"


async def test_a_check_finds_what_is_damaged_and_nothing_that_was_loaded(
    mongod: str, database_name: str
) -> None:
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    store = Store.connect(mongod, database_name)
    assert [damaged async for damaged in store.damaged_items()] == []
    with MongoClient[Document](mongod) as client:
        items = client[database_name]["items"]
        ids = [item["_id"] for item in items.find().limit(len(DAMAGES))]
        for id_, update in zip(ids, DAMAGES.values(), strict=True):
            items.update_one({"_id": id_}, update)

    found = {damaged.id: damaged async for damaged in store.damaged_items()}

    await store.close()
    assert found.keys() == set(ids)
    assert all(damaged.path and damaged.problem for damaged in found.values())


def test_only_the_projected_keys_are_checked() -> None:
    item = {"_id": "item:a", "title": "A", "heat": Int64(2**40), "images": [{"width": 1}]}
    assert problem_of(item, {"_id": 1, "title": 1, "images.width": 1}) is None
    assert problem_of(item, {"_id": 1, "tags": 1}) == "tags: Field required"
    assert problem_of(item, {"images": 1}) == "images.0.url: Field required"
    assert problem_of({"extra": {"a": [{1}]}}, {"extra": 1}) == "extra: holds a value of type set"
    assert str(problem_of(item, {"heat": 1})).startswith("heat: ")


def test_what_only_graphql_would_convert_is_sound() -> None:
    assert problem_of({"heat": 5.0, "published": 1}, {"heat": 1, "published": 1}) is None
    assert problem_of({"excerpt": None}, {"excerpt": 1, "category": 1}) is None
    assert WHOLE_ITEM.keys() >= {"title", "extra", "sort"}
