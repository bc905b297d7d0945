"""What streams may take: `places`, different queries, bytes, and objects of a budget."""

import asyncio

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette

from api.graphql.budgets import Budgets
from api.graphql.live.hub import Hub
from tests.api.conftest import Corpus, FakeClock
from tests.api.graphql.live.conftest import Board, MakeApp
from tests.api.graphql.live.streaming import Streaming, streaming
from tests.api.graphql.live.test_stream import TEXT, turn

pytestmark = pytest.mark.anyio


def gauge(name: str) -> float:
    """Return a metric's value."""
    return REGISTRY.get_sample_value(name) or 0.0


async def refused(client: Streaming, status: int) -> None:
    """Check a refusal, which says when to try again."""
    await client.end()
    assert client.status == status
    assert int(client.headers["retry-after"]) > 0
    assert client.headers["content-type"].startswith("application/json")


async def test_a_caller_has_so_many_places_and_gets_them_back(make_app: MakeApp) -> None:
    app = make_app(streams_per_caller=2)
    before = gauge("newsgraph_streams")
    async with streaming(app, TEXT) as one:
        async with streaming(app, TEXT) as two:
            await two.answer()
            async with streaming(app, TEXT) as three:
                await refused(three, 429)
            async with streaming(app, TEXT, client="192.0.2.2") as other:
                await other.answer()
                assert gauge("newsgraph_streams") == before + 3
        async with streaming(app, TEXT) as again:
            await again.answer()
        await one.answer()
    assert gauge("newsgraph_streams") == before


async def test_a_worker_has_so_many_places(make_app: MakeApp) -> None:
    app = make_app(streams=2)
    async with (
        streaming(app, TEXT, client="192.0.2.1"),
        streaming(app, TEXT, client="192.0.2.2"),
        streaming(app, TEXT, client="192.0.2.3") as third,
    ):
        await refused(third, 503)


async def test_refused_requests_take_no_place(make_app: MakeApp) -> None:
    app = make_app(streams=1)
    for query in ("{", "{ nope }", "{ text(name: 1) }"):
        async with streaming(app, query) as client:
            await client.end()
    async with streaming(app, TEXT, headers={"content-type": "text/plain"}) as client:
        await client.end()
        assert client.status == 415
    async with streaming(app, TEXT, headers={"authorization": "Bearer wrong"}) as client:
        await client.end()
        assert client.status == 401
    async with streaming(app, TEXT) as client:
        await client.answer()


async def test_open_streams_are_not_requests_in_flight(make_app: MakeApp) -> None:
    app = make_app(streams_per_caller=10_000, streams=10_000)
    async with asyncio.timeout(60):
        clients = [streaming(app, TEXT) for _ in range(1_100)]
        for client in clients:
            await client.__aenter__()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            response = await http.post("/graphql", json={"query": TEXT})
        assert response.status_code == 200
        for client in clients:
            await client.__aexit__(None, None, None)


async def test_different_queries_are_bounded(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "max_queries", 2)
    async with streaming(app, "{ a: text }"), streaming(app, "{ b: text }"):
        async with streaming(app, "{ c: text }") as third:
            await refused(third, 503)
        async with streaming(app, "{ a: text }") as same:
            await same.answer()
    async with streaming(app, "{ c: text }") as third:
        await third.answer()


async def test_the_bytes_of_answers_are_bounded(
    app: Starlette, corpus: Corpus, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "max_bytes", 1_000)
    board.text = "x" * 400
    async with streaming(app, "{ a: text }") as first:
        await first.answer()
        async with streaming(app, '{ b: text(name: "b") text }') as second:
            await refused(second, 503)
        turn(corpus, board, "y" * 2_000)
        assert "no room" in (await first.next()).comment
        await first.end()
    turn(corpus, board, "small")
    async with streaming(app, "{ a: text }") as again:
        await again.answer()


async def test_nothing_is_executed_when_nobody_listens(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client:
        await client.answer()
    board.reads.clear()
    turn(corpus, board, "two")
    await asyncio.sleep(0.3)
    assert board.reads == []
    assert gauge("newsgraph_stream_queries") == 0


async def test_each_answer_is_paid_for_and_waits_until_it_can_be(
    make_app: MakeApp,
    corpus: Corpus,
    board: Board,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.app.Budgets", lambda per_minute: Budgets(per_minute, clock))
    app = make_app(objects_per_minute=60)  # one in a second, of which none passes
    text = " ".join(f"t{n}: text" for n in range(3))
    async with streaming(app, f"{{ {text} }}") as client:
        assert client.headers["ratelimit"] == '"objects";r=59;t=1'
        await client.answer()
    async with streaming(app, TEXT) as client:
        first = await client.answer()
        assert first == {"text": "one"}
        transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            while (await http.post("/graphql", json={"query": TEXT})).status_code == 200:
                pass
            turn(corpus, board, "two")
            await asyncio.sleep(0.2)
            turn(corpus, board, "three")
            assert await client.answer() == {"text": "three"}  # two was never affordable


async def test_a_stream_of_another_page_needs_permission(make_app: MakeApp) -> None:
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    app = make_app(cors_origins="https://app.example")
    async with streaming(app, TEXT, method="GET", headers=evil) as client:
        await client.end()
        assert client.status == 403
    friend = {"origin": "https://app.example", "sec-fetch-site": "cross-site"}
    async with streaming(app, TEXT, method="GET", headers=friend) as client:
        await client.answer()
        assert client.headers["access-control-allow-origin"] == "https://app.example"


async def test_documents_that_are_not_trusted_are_no_streams(
    make_app: MakeApp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "a.graphql").write_text("subscription Text { text }")
    app = make_app(documents=folder, documents_mode="only")
    async with streaming(app, TEXT) as client:
        await client.end()
        assert client.status == 400
    async with streaming(app, "subscription Text { text }") as client:
        assert await client.answer() == {"text": "one"}
