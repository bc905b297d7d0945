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
from store.reading.corpus_watch import CorpusVersion
from store.reading.store import SiteState
from store.site_fields import SiteField, SiteFields
from store.site_types import type_of
from tests.api.servers import Start, ask, until
from tests.loaders.conftest import write

PRICE = SiteField("price", type_of("String"), "price")


class FakeCorpus:
    """A corpus and its watch: `current` is what the watch says, `fields` what the store reads."""

    def __init__(self) -> None:
        self.current: CorpusVersion | None = None
        self.fields: SiteFields = ()
        self.built: list[SiteFields] = []
        self.failures: list[Exception] = []
        self.prepared: list[int] = []
        self._changed = asyncio.Event()

    async def prepare(self, version: int) -> None:
        self.prepared.append(version)

    async def after(self, known: CorpusVersion | None) -> CorpusVersion:
        while self.current is None or self.current == known:
            self._changed.clear()
            await self._changed.wait()
        return self.current

    async def site(self) -> SiteState:
        if self.failures:
            raise self.failures.pop()
        assert self.current is not None
        return SiteState(self.current.site, self.fields)

    def build(self, fields: SiteFields) -> strawberry.Schema:
        self.built.append(fields)
        return build_schema(site_fields=fields)

    def change(self, version: int, site: int, *fields: SiteField) -> None:
        self.current = CorpusVersion(version, site)
        self.fields = fields
        self._changed.set()


@pytest.fixture
def corpus() -> FakeCorpus:
    return FakeCorpus()


@pytest.fixture
def schemas(corpus: FakeCorpus) -> SiteSchemas:
    return SiteSchemas(corpus.build, corpus, corpus)


async def known(schemas: SiteSchemas, version: int) -> None:
    """Wait until a version is known."""
    while schemas.version() != version:  # noqa: ASYNC110 (it has no event)
        await asyncio.sleep(0.01)


@pytest.mark.anyio
async def test_the_version_is_known_once_the_schema_is_its_own(
    corpus: FakeCorpus, schemas: SiteSchemas
) -> None:
    corpus.change(1, 1)
    assert not schemas.is_known
    assert schemas.version() is None
    async with schemas.following():
        assert schemas.is_known
        assert schemas.version() == 1
        assert "price: String" not in schemas.sdl

        corpus.change(2, 2, PRICE)
        assert schemas.version() == 1  # until there is a schema for it
        await known(schemas, 2)
        assert "price: String" in schemas.sdl
        corpus.change(3, 2, PRICE)
        await known(schemas, 3)
        corpus.current = None
        assert schemas.version() is None
        assert "price: String" in schemas.sdl
    assert corpus.built == [(), (PRICE,)]
    assert corpus.prepared == [1, 2, 3]


@pytest.mark.anyio
async def test_a_version_that_takes_long_makes_the_one_before_unknown(
    corpus: FakeCorpus, schemas: SiteSchemas
) -> None:
    corpus.change(1, 1)
    async with schemas.following():
        assert schemas.version() == 1
        corpus.failures = [Unavailable("away")] * 100
        corpus.change(2, 2, PRICE)
        while schemas.version() == 1:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.01)
        assert schemas.version() is None


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [Unavailable("away"), ValueError("a mistake of this program")])
async def test_a_site_that_cannot_be_read_is_read_again(
    corpus: FakeCorpus, schemas: SiteSchemas, failure: Exception
) -> None:
    async with schemas.following():
        corpus.failures = [failure]
        corpus.change(2, 2, PRICE)
        await known(schemas, 2)
    assert "price: String" in schemas.sdl


@pytest.mark.anyio
async def test_without_a_corpus_it_starts_with_the_schema_of_no_site(schemas: SiteSchemas) -> None:
    async with schemas.following():
        assert not schemas.is_known
        assert schemas.version() is None


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
