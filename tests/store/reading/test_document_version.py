"""Documents of older versions are noticed: `document_version`."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo.database import Database

from store.audience import Audience
from store.documents import Document
from store.errors import Outdated
from store.indexes import ensure_indexes
from store.reading.store import Store
from tests.schema.newsroom import item

pytestmark = pytest.mark.anyio

OLDER = {"$unset": {"countable": 1, "sort.updated": 1}}


async def prepare(store: Store) -> None:
    """Prepare for the version of the corpus, as a server does when it changes."""
    await store.prepare((await store.state())["version"])


@pytest.fixture
async def store(mongod: str, database: Database[Any], database_name: str) -> AsyncIterator[Store]:
    ensure_indexes(database, "items")
    store = Store.connect(mongod, database_name)
    yield store
    await store.close()


def load(database: Database[Any], *items: Document) -> None:
    """Store items as a load does, and raise the version."""
    for each in items:
        database["items"].replace_one({"_id": each["_id"]}, each, upsert=True)
    database["meta"].update_one({"_id": "corpus"}, {"$inc": {"version": 1}}, upsert=True)


async def test_nothing_is_read_of_a_corpus_with_items_of_an_older_version(
    store: Store, database: Database[Any]
) -> None:
    items = [item(name, published=name != "b") for name in "abc"]
    load(database, *items)
    await prepare(store)
    store.readers(Audience.PUBLIC)

    database["items"].update_one({"_id": items[1]["_id"]}, OLDER)
    load(database)
    with pytest.raises(Outdated):
        await prepare(store)
    with pytest.raises(Outdated):
        await store.check_documents()
    for audience in Audience:
        with pytest.raises(Outdated, match="run `newsgraph load` for each of its roots"):
            store.readers(audience)

    load(database, *items)
    await prepare(store)
    store.readers(Audience.PUBLIC)


async def test_the_documents_are_looked_at_once_for_each_version(
    store: Store, database: Database[Any]
) -> None:
    load(database, item("a"))
    await prepare(store)
    database["items"].update_one({}, OLDER)
    await prepare(store)
    load(database)
    with pytest.raises(Outdated):
        await prepare(store)


async def test_an_item_that_was_edited_by_hand_is_not_of_an_older_version(
    store: Store, database: Database[Any]
) -> None:
    load(database, *(item(name) for name in "abcd"))
    for name, edit in zip("abc", ("sort", "sort.updated", "countable"), strict=True):
        database["items"].update_one({"_id": item(name)["_id"]}, {"$unset": {edit: 1}})
    database["items"].insert_one({"_id": "item:e", "labels": ["*"], "published": True})
    await prepare(store)
