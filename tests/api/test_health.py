"""Probes: /healthz needs no database, /readyz does, and asks it seldom."""

import httpx
import pytest
from starlette.applications import Starlette

from api.health import health_routes
from store.errors import Outdated, Refused, Unavailable
from tests.api.conftest import Corpus, FakeClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def http(corpus: Corpus, clock: FakeClock) -> httpx.AsyncClient:
    app = Starlette(routes=health_routes(corpus.check_documents, corpus.missing_indexes, clock))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_a_live_server_needs_no_database(http: httpx.AsyncClient, corpus: Corpus) -> None:
    response = await http.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["cache-control"] == "no-store"
    assert corpus.reads == 0


async def test_a_server_with_all_indexes_is_ready(http: httpx.AsyncClient) -> None:
    response = await http.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_a_server_with_missing_indexes_says_what_to_run(
    http: httpx.AsyncClient, corpus: Corpus
) -> None:
    corpus.missing = ["items.list_newest", "items.text"]
    response = await http.get("/readyz")
    assert response.status_code == 503
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {
        "status": "waiting",
        "why": "Nothing is loaded yet, or an index is missing; run `newsgraph load PATH`.",
    }


async def test_a_server_whose_search_index_is_being_built_is_ready_and_says_so(
    corpus: Corpus, clock: FakeClock
) -> None:
    problems = ["The search index is being built: 25% of 4 items.", None]
    routes = health_routes(
        corpus.check_documents, corpus.missing_indexes, clock, lambda: problems.pop(0)
    )
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        response = await http.get("/readyz")
        assert response.status_code == 200
        assert response.json() == {
            "status": "ready",
            "search": "The search index is being built: 25% of 4 items.",
        }
        assert (await http.get("/readyz")).json() == {"status": "ready"}


async def test_a_database_that_is_down_is_asked_once_a_second(
    http: httpx.AsyncClient, corpus: Corpus, clock: FakeClock
) -> None:
    corpus.fails = Unavailable("MongoDB does not answer.")
    for _ in range(3):
        response = await http.get("/readyz")
        assert response.status_code == 503
        assert response.json()["why"] == "The database does not respond."
    assert corpus.reads == 1
    corpus.fails = None
    clock.now += 1
    assert (await http.get("/readyz")).status_code == 200


async def test_documents_of_an_older_version_are_the_reason(
    http: httpx.AsyncClient, corpus: Corpus
) -> None:
    corpus.fails = Outdated("Load it again.")
    assert (await http.get("/readyz")).json()["why"] == "Load it again."


async def test_rejected_credentials_are_the_reason(http: httpx.AsyncClient, corpus: Corpus) -> None:
    corpus.fails = Refused("MongoDB rejected the credentials.")
    assert (await http.get("/readyz")).json()["why"] == "MongoDB rejected the credentials."
