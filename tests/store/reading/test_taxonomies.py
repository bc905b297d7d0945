"""Providers and topics as each audience sees them."""

from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from store.audience import Audience
from store.documents import Document
from store.reading.fetches import Fetches
from store.reading.find_batcher import FindBatcher
from store.reading.scans import ScanQueue, Scans
from store.reading.taxonomies import TaxonomyReader

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(mongod: str, database_name: str) -> AsyncIterator[AsyncDatabase[Document]]:
    async with AsyncMongoClient[Document](mongod) as client:
        yield client[database_name]


def topic(name: str, *audiences: Audience, parent: str) -> Document:
    """Return a topic that each audience sees under another name."""
    views = {
        audience.value: {
            "name": f"{name} {audience}",
            "itemCount": 1,
            "parent": parent,
            "sort": {"name": name},
        }
        for audience in audiences
    }
    return {"_id": f"topic:{name}", "slug": name, **views}


async def test_an_audience_sees_its_own_fields_only(database: AsyncDatabase[Document]) -> None:
    both, editors = (Audience.PUBLIC, Audience.EDITOR), (Audience.EDITOR,)
    await database["topics"].insert_many(
        [topic("a", *both, parent="topic:x"), topic("b", *editors, parent="topic:x")]
    )
    ids, fields = ["topic:b", "topic:a"], ["name", "slug", "images"]
    public, editor = (
        TaxonomyReader(
            database["topics"], audience, FindBatcher(Fetches()), Scans(ScanQueue()), Fetches()
        )
        for audience in both
    )
    assert await public.get(ids, fields) == [
        None,
        {"_id": "topic:a", "slug": "a", "name": "a public"},
    ]
    assert await editor.get(ids, fields) == [
        {"_id": "topic:b", "slug": "b", "name": "b editor"},
        {"_id": "topic:a", "slug": "a", "name": "a editor"},
    ]
    assert (await public.count(), await editor.count()) == (1, 2)


async def test_children_are_limited_for_each_parent(database: AsyncDatabase[Document]) -> None:
    await database["topics"].insert_many(
        [topic(f"{parent}{n}", Audience.PUBLIC, parent=parent) for n in range(4) for parent in "xy"]
    )
    reader = TaxonomyReader(
        database["topics"], Audience.PUBLIC, FindBatcher(Fetches()), Scans(ScanQueue()), Fetches()
    )
    children = await reader.children(["y", "none", "x"], ["name"], 2)
    names = [[child["name"] for child in below] for below in children]
    assert names == [["y0 public", "y1 public"], [], ["x0 public", "x1 public"]]
