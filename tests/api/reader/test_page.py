"""The reader's page and its files, and what they allow a browser to do."""

import os
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from api import reader
from api.app import create_app
from api.reader.page import DIST, PATHS
from api.settings import load_settings
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store

pytestmark = pytest.mark.anyio

needs_build = pytest.mark.skipif(
    not (DIST / "index.html").exists() and "CI" not in os.environ,
    reason="the reader is not built (make reader)",
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=reader.routes("Storm & <Tide>")))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@needs_build
@pytest.mark.parametrize("path", PATHS)
async def test_each_address_has_the_same_page(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path.replace("{", "").replace("}", ""))
    assert response.status_code == 200
    assert 'name="application-name" content="Storm &amp; &lt;Tide&gt;"' in response.text
    assert len(response.text) == len((DIST / "index.html").read_text()) + len(
        "Storm &amp; &lt;Tide&gt;"
    )


@needs_build
async def test_the_page_may_run_and_call_only_what_is_its_own(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    policy = response.headers["content-security-policy"]
    for directive in ("default-src 'none'", "script-src 'self'", "connect-src 'self'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert "<script>" not in response.text


@needs_build
async def test_its_files_are_cached_forever_and_compressed(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    (script,) = re.findall(r'src="(/reader/main-[^"]+\.js)"', page)
    response = await client.get(script)
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-encoding"] == "gzip"


async def test_other_addresses_are_not_found(client: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/items", "/items/a/b", "/reader/nothing.js"):
        assert (await client.get(path)).status_code == 404


@needs_build
@pytest.mark.parametrize(("is_on", "status"), [(True, 200), (False, 307)])
async def test_without_the_reader_the_bare_origin_leads_to_the_playground(
    mongod: str, database_name: str, is_on: bool, status: int
) -> None:
    settings = load_settings(reader=is_on, audience=Audience.PUBLIC)
    store = Store.connect(mongod, database_name)
    app = create_app(settings, store, CorpusWatch(mongod, database_name))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert (await client.get("/")).status_code == status
