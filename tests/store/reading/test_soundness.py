"""Which documents are damaged.

Covers `checked_items`, `checked_taxonomies` and `damage` too; `tests/schema/test_damage.py` has the
queries.
"""

from pathlib import Path

import pytest
from bson import Int64
from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from store.documents import Document
from store.reading.soundness import SOUND_ITEM, SOUND_VIEWS
from store.reading.store import Store
from store.taxonomies import AUTHORS, PROVIDERS, TAXONOMIES, TOPICS
from tests.store.reading.damages import DAMAGES, ENTRY_DAMAGES

pytestmark = pytest.mark.anyio

CONTENT = Path(__file__).parents[3] / "examples/content"


async def test_a_check_finds_what_is_damaged_and_nothing_that_was_loaded(
    mongod: str, database_name: str
) -> None:
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    store = Store.connect(mongod, database_name)
    assert [damaged async for damaged in store.damaged_documents()] == []
    with MongoClient[Document](mongod) as client:
        items = client[database_name]["items"]
        ids = [item["_id"] for item in items.find().limit(len(DAMAGES))]
        for id_, update in zip(ids, DAMAGES.values(), strict=True):
            items.update_one({"_id": id_}, update)

    found = {damaged.id: damaged async for damaged in store.damaged_documents()}

    await store.close()
    assert found.keys() == set(ids)
    assert all(damaged.path and damaged.problem for damaged in found.values())


async def test_a_check_finds_damaged_providers_topics_and_authors(
    mongod: str, database_name: str
) -> None:
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    damaged = set()
    with MongoClient[Document](mongod) as client:
        for taxonomy in TAXONOMIES:
            collection = client[database_name][taxonomy.collection]
            entries = [entry["_id"] for entry in collection.find().limit(len(ENTRY_DAMAGES))]
            for id_, update in zip(entries, ENTRY_DAMAGES.values(), strict=False):
                collection.update_one({"_id": id_}, update)
                damaged.add(id_)
    store = Store.connect(mongod, database_name)

    found = {one.id for one in [one async for one in store.damaged_documents()]}

    await store.close()
    assert found == damaged
    assert {id_.partition(":")[0] for id_ in found} == {one.kind for one in TAXONOMIES}


def test_a_view_is_checked_as_its_taxonomy_requires() -> None:
    seen = {"_id": "topic:a", "slug": "a", "name": "A", "parent": "topic:b"}
    assert SOUND_VIEWS[TOPICS].problem_of(seen, {"name": 1, "slug": 1, "parent": 1}) is None
    assert SOUND_VIEWS[TOPICS].problem_of(seen, {"itemCount": 1}) == "itemCount: Field required"
    assert SOUND_VIEWS[AUTHORS].problem_of(seen, {"_id": 1}) is not None
    assert SOUND_VIEWS[PROVIDERS].problem_of({}, {"images": 1}) == "images: Field required"


def test_only_the_projected_keys_are_checked() -> None:
    item = {"_id": "item:a", "title": "A", "heat": Int64(2**40), "images": [{"width": 1}]}
    assert SOUND_ITEM.problem_of(item, {"_id": 1, "title": 1, "images.width": 1}) is None
    assert SOUND_ITEM.problem_of(item, {"_id": 1, "tags": 1}) == "tags: Field required"
    assert SOUND_ITEM.problem_of(item, {"images": 1}) == "images.0.url: Field required"
    assert (
        SOUND_ITEM.problem_of({"extra": {"a": [{1}]}}, {"extra": 1})
        == "extra: holds a value of type set"
    )
    assert str(SOUND_ITEM.problem_of(item, {"heat": 1})).startswith("heat: ")


def test_what_only_graphql_would_convert_is_sound() -> None:
    assert SOUND_ITEM.problem_of({"heat": 5.0, "published": 1}, {"heat": 1, "published": 1}) is None
    assert SOUND_ITEM.problem_of({"excerpt": None}, {"excerpt": 1, "category": 1}) is None
    assert SOUND_ITEM.whole.keys() >= {"title", "extra", "sort"}
