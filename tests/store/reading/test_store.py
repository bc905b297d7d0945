"""The store of a process: its version, its state, and the indexes that a load would create.

The lists that `items`, `indexed_items`, `fresh_search`, `listing`, `pages` and `facets` read are
tested through the graph, in tests/schema.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from store.audience import Audience
from store.documents import Document
from store.errors import Refused
from store.indexes import INDEXES, TEXT_INDEX, drop_text_index, ensure_indexes
from store.reading.store import Store
from store.taxonomies import PROVIDERS

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(mongod: str, database_name: str) -> Iterator[Database[Document]]:
    with MongoClient[Document](mongod) as client:
        yield client[database_name]


@pytest.fixture
async def store(mongod: str, database_name: str) -> AsyncIterator[Store]:
    store = Store.connect(mongod, database_name)
    yield store
    await store.close()


async def test_the_state_is_that_of_the_last_load(
    store: Store, database: Database[Document]
) -> None:
    assert await store.state() == {"version": 0, "updatedDateTime": None}
    date = datetime(2026, 1, 1, tzinfo=UTC)
    database["meta"].insert_one({"_id": "corpus", "version": 7, "updatedDateTime": date})
    assert await store.state() == {"version": 7, "updatedDateTime": date.replace(tzinfo=None)}
    assert store.has_primary


async def test_an_unusable_uri_is_refused() -> None:
    with pytest.raises(Refused):
        Store.connect("mongodb://host:port", "nothing")


async def test_missing_indexes_are_those_that_a_load_would_create(
    store: Store, database: Database[Document]
) -> None:
    every = [f"{name}.{index.document['name']}" for name in INDEXES for index in INDEXES[name]]
    assert await store.missing_indexes() == every
    ensure_indexes(database, "items")
    assert await store.missing_indexes() == [
        name for name in every if not name.startswith("items.")
    ]
    ensure_indexes(database, text=False)
    drop_text_index(database)
    assert await store.missing_indexes() == [f"items.{TEXT_INDEX}"]
    without = Store(store._client, store._database, text=False)
    assert await without.missing_indexes() == []
    ensure_indexes(database)
    assert await store.missing_indexes() == []


async def test_the_server_version_is_a_dotted_number(store: Store) -> None:
    assert (await store.server_version()).split(".")[0].isdigit()


async def test_each_request_has_readers_of_its_own(store: Store) -> None:
    first, second = store.readers(Audience.PUBLIC), store.readers(Audience.PUBLIC)
    assert first.items is not second.items
    assert first.of(PROVIDERS) is not second.of(PROVIDERS)
