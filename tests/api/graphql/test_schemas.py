"""The schema follows the site fields of the corpus, without a restart and without wrong answers."""

import asyncio
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import strawberry

from api.graphql.schemas import SiteSchemas
from loaders.load import load
from loaders.options import Options
from schema.schema import build_schema
from store.errors import Unavailable
from store.reading.store import SiteState
from store.site_fields import SiteField, SiteFields
from store.site_types import type_of
from tests.api.servers import Start, ask, until
from tests.loaders.conftest import write

PRICE = SiteField("price", type_of("String"), "price")


class FakeCorpus:
    """The versions of a corpus, and its site."""

    def __init__(self) -> None:
        self.version, self.site_version = 1, 1
        self.fields: SiteFields = ()
        self.built: list[SiteFields] = []
        self.is_away = False

    async def versions(self) -> tuple[int, int]:
        if self.is_away:
            raise Unavailable("away")
        return self.version, self.site_version

    async def site(self) -> SiteState:
        return SiteState(self.site_version, self.fields)

    def build(self, fields: SiteFields) -> strawberry.Schema:
        self.built.append(fields)
        return build_schema(site_fields=fields)

    def change(self, *fields: SiteField) -> None:
        self.version += 1
        self.site_version = self.version
        self.fields = fields


@pytest.mark.anyio
async def test_the_version_is_known_once_the_schema_is_its_own() -> None:
    corpus = FakeCorpus()
    schemas = SiteSchemas(corpus.build, corpus.versions, corpus.site)
    assert not schemas.is_known
    assert await schemas.version() == 1
    assert schemas.is_known
    assert "price: String" not in schemas.sdl

    corpus.change(PRICE)
    assert await asyncio.gather(*(schemas.version() for _ in range(5))) == [2] * 5
    assert "price: String" in schemas.sdl
    corpus.version += 1
    assert await schemas.version() == 3
    assert corpus.built == [(), (PRICE,)]


@pytest.mark.anyio
async def test_a_reader_that_gives_up_does_not_stop_the_change() -> None:
    corpus = FakeCorpus()
    schemas = SiteSchemas(corpus.build, corpus.versions, corpus.site)
    corpus.change(PRICE)
    reader = asyncio.create_task(schemas.version())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reader.cancel()
    assert await schemas.version() == 2
    assert corpus.built == [(), (PRICE,)]


@pytest.mark.anyio
async def test_a_corpus_that_cannot_be_read_keeps_the_schema() -> None:
    corpus = FakeCorpus()
    schemas = SiteSchemas(corpus.build, corpus.versions, corpus.site)
    corpus.change(PRICE)
    await schemas.version()
    corpus.is_away = True
    with pytest.raises(Unavailable):
        await schemas.version()
    assert "price: String" in schemas.sdl


def _sites(root: Path, fields: str, prices: str) -> None:
    write(root / "newsgraph.yaml", f"fields: {{{fields}}}")
    write(root / "a.md", f"---\ntitle: A\nwebUrl: https://example.com/a\n{prices}\n---\n")


def test_workers_change_their_schema_while_they_serve(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    """Two workers, and a client on a new connection each time, so that it reaches both."""
    root = tmp_path / "blog"
    options = Options(jobs=1)
    _sites(root, "price: String", "price: '1'")
    load([str(root)], uri=mongod, database=database_name, options=options)
    _, url = serve("--workers", "2")
    seen: list[tuple[Any, Any]] = []
    is_over = False

    def read_on() -> None:
        while not is_over:
            seen.append(
                (
                    ask(url, "{ items { nodes { price } } }"),
                    ask(url, "{ items(filter: {cost: [2]}) { nodes { cost } } }"),
                )
            )

    client = Thread(target=read_on)
    client.start()
    try:
        until(lambda: len(seen) > 10)
        _sites(root, "cost: {type: Int, filter: true}", "cost: 2")
        load([str(root)], uri=mongod, database=database_name, options=options)

        def has_changed() -> bool:
            answers = [ask(url, "{ items { nodes { cost } } }") for _ in range(20)]
            return all("data" in answer for answer in answers)

        until(has_changed)
        before = len(seen)
        until(lambda: len(seen) > before + 20)
    finally:
        is_over = True
        client.join()
    old, new = [first for first, _ in seen], [second for _, second in seen]
    assert old[0] == {"data": {"items": {"nodes": [{"price": "1"}]}}}
    assert new[-1] == {"data": {"items": {"nodes": [{"cost": 2}]}}}
    assert all("data" in answer for answer in new[-20:])
    assert all("errors" in answer for answer in old[-20:])
    # Whoever was answered was answered by the schema before or the schema after: never halfway.
    prices = [answer["data"]["items"]["nodes"][0]["price"] for answer in old if "data" in answer]
    assert {*prices} <= {"1", None}
    for answer in (*old, *new):
        for error in answer.get("errors", ()):
            assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "  cost: Int\n" in httpx.get(f"{url}/schema.graphql").text
    introspected = ask(url, '{ __type(name: "Item") { fields { name } } }')
    names = [field["name"] for field in introspected["data"]["__type"]["fields"]]
    assert "cost" in names
    assert "price" not in names
