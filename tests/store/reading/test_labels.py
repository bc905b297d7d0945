"""Looking labels up: `labels`. The warnings made of them are in tests/schema/test_filters.py."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from store.audience import Audience
from store.indexes import ensure_indexes
from store.reading.store import Store
from tests.schema.newsroom import DAY_ONE, item

pytestmark = pytest.mark.anyio


async def prepare(store: Store) -> None:
    """Prepare for the version of the corpus, as a server does when it changes."""
    await store.prepare((await store.state())["version"])


@pytest.fixture
async def store(mongod: str, database: Database[Any], database_name: str) -> AsyncIterator[Store]:
    ensure_indexes(database, "items")
    database["items"].insert_many(
        [
            item("a", category="NEWS", tags=["Sea Ice", "Ice"]),
            item("b", category="News", tags=["sea ice"], date=DAY_ONE + timedelta(days=1)),
            item("c", category="news", published=False, date=DAY_ONE + timedelta(days=2)),
        ]
    )
    store = Store.connect(mongod, database_name)
    yield store
    await store.close()


async def test_a_name_is_spelled_as_the_newest_item_spells_it(store: Store) -> None:
    labels = ["category:news", "tag:sea-ice", "tag:ice", "type:news", "*"]
    reader = store.readers(Audience.PUBLIC).labels
    assert reader.unknown(labels) == labels
    assert await reader.spellings(labels) == {
        "category:news": "News",
        "tag:sea-ice": "sea ice",
        "tag:ice": "Ice",
        "*": "*",
    }
    editors = store.readers(Audience.EDITOR).labels
    assert await editors.spellings(["category:news"]) == {"category:news": "news"}


async def test_known_labels_are_kept_for_one_version(store: Store, database: Database[Any]) -> None:
    await prepare(store)
    reader = store.readers(Audience.PUBLIC).labels
    await reader.spellings(["category:news", "type:none"])
    assert reader.unknown(["category:news", "type:none"]) == ["type:none"]
    assert store.readers(Audience.EDITOR).labels.unknown(["category:news"]) == ["category:news"]

    database["meta"].insert_one({"_id": "corpus", "version": 1})
    await prepare(store)
    await reader.spellings(["tag:ice"])  # by a request that began before
    again = store.readers(Audience.PUBLIC).labels
    assert again.unknown(["category:news", "tag:ice"]) == ["category:news", "tag:ice"]


async def test_more_labels_than_are_kept_are_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.labels._MAX_KEPT", 1)
    store.known_labels.forget()
    labels = ["category:news", "tag:sea-ice", "tag:ice"]
    assert len(await store.readers(Audience.PUBLIC).labels.spellings(labels)) == 3
