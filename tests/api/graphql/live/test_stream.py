"""Streams: an answer, and the whole answer again when it has changed, and only then.

Covers `opening`, `hub`, `live_query`, `events` and `subscription`.
"""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from api.graphql.live import hub, stream
from api.observability.middleware import ON_STOP
from tests.api.conftest import Corpus
from tests.api.graphql.live.conftest import AWAY, Board, MakeApp
from tests.api.graphql.live.streaming import streaming

pytestmark = pytest.mark.anyio

TEXT = "{ text }"


def turn(corpus: Corpus, board: Board, text: str) -> None:
    """Load something."""
    board.text = text
    corpus.version += 1


@pytest.mark.parametrize("method", ["POST", "GET", "QUERY"])
async def test_the_whole_answer_comes_again_when_it_has_changed(
    app: Starlette, corpus: Corpus, board: Board, method: str
) -> None:
    async with streaming(app, TEXT, method=method) as client:
        assert client.status == 200
        assert client.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert client.headers["cache-control"] == "no-store"
        assert await client.answer() == {"text": "one"}
        turn(corpus, board, "two")
        assert await client.answer() == {"text": "two"}
        turn(corpus, board, "three")
        assert await client.answer() == {"text": "three"}


async def test_what_has_not_changed_does_not_come_again(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client:
        first = await client.next()
        turn(corpus, board, "one")
        assert await client.is_quiet()
        assert len(board.reads) == 2
        turn(corpus, board, "two")
        second = await client.next()
        assert second.id != first.id
        turn(corpus, board, "one")
        assert (await client.next()).id == first.id


async def test_who_has_the_answer_is_not_sent_it_again(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client:
        last = await client.next()
    seen = {"last-event-id": last.id}
    async with streaming(app, TEXT, headers=seen) as client:
        assert await client.is_quiet()
        turn(corpus, board, "two")
        assert await client.answer() == {"text": "two"}
    async with streaming(app, TEXT, headers=seen) as client:  # it missed a change
        assert await client.answer() == {"text": "two"}


async def test_many_listeners_cost_one_execution(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with asyncio.timeout(60):
        async with (
            streaming(app, TEXT) as one,
            streaming(app, TEXT) as two,
            streaming(app, TEXT, method="GET") as three,
            streaming(app, '{ text(name: "b") }') as other,
        ):
            for client in (one, two, three, other):
                await client.answer()
            board.reads.clear()
            turn(corpus, board, "two")
            for client in (one, two, three):
                assert await client.answer() == {"text": "two"}
            assert await other.answer() == {"text": "btwo"}
            assert sorted(board.reads) == ["", "b"]


async def test_a_rapid_load_is_followed_at_a_pace_and_to_its_end(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client:
        await client.answer()
        for number in range(100):
            turn(corpus, board, str(number))
            await asyncio.sleep(0.005)
        while await client.answer() != {"text": "99"}:
            pass
        assert len(board.reads) < 20
        assert await client.is_quiet()


async def test_a_slow_reader_gets_the_newest_answer(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client, streaming(app, TEXT) as other:
        await client.answer()
        await other.answer()
        client.reads.clear()
        for number in range(5):
            turn(corpus, board, str(number))
            assert await other.answer() == {"text": str(number)}
        assert client.waiting == 1
        client.reads.set()
        assert await client.answer() == {"text": "4"}
        assert await client.is_quiet()


async def test_an_outage_is_no_answer(app: Starlette, corpus: Corpus, board: Board) -> None:
    async with streaming(app, TEXT) as client:
        await client.answer()
        board.fails = AWAY
        turn(corpus, board, "two")
        assert await client.is_quiet()
        corpus.fails = AWAY  # now the watch notices it, too
        assert await client.is_quiet()
        board.fails = corpus.fails = None
        assert await client.answer() == {"text": "two"}


async def test_what_a_secondary_says_is_read_again(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    async with streaming(app, TEXT) as client:
        await client.answer()
        corpus.has_primary = False
        turn(corpus, board, "old")
        assert await client.is_quiet()
        board.text = "two"
        corpus.has_primary = True
        assert await client.answer() == {"text": "two"}


async def test_without_any_answer_an_outage_is_the_response(app: Starlette, board: Board) -> None:
    board.fails = AWAY
    async with streaming(app, TEXT) as client:
        await client.end()
        assert client.status == 503
        assert client.headers["retry-after"] == "5"
        assert "MongoDB does not answer" in client.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { text }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { audience }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { text other: text }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_query_that_cannot_be_executed_is_answered_and_completed(
    app: Starlette, query: str, code: str
) -> None:
    async with streaming(app, query) as client:
        event = await client.next()
        assert event.data["errors"][0]["extensions"]["code"] == code
        assert (await client.next()).name == "complete"
        await client.end()
        assert client.status == 200


async def test_internal_errors_are_masked_and_name_the_request(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    board.fails = ValueError("password=hunter2")
    async with (
        streaming(app, TEXT, headers={"x-request-id": "mine"}) as client,
        streaming(app, TEXT, headers={"x-request-id": "yours"}) as other,
    ):
        for who, id_ in ((client, "mine"), (other, "yours")):
            (error,) = (await who.next()).data["errors"]
            assert error["extensions"]["requestId"] == id_
            assert "hunter2" not in who.text
        board.fails = None
        turn(corpus, board, "two")
        assert await client.answer() == {"text": "two"}


async def test_a_subscription_is_the_query_of_its_fields(
    app: Starlette, corpus: Corpus, board: Board
) -> None:
    text = """
        fragment F on Subscription { ... on Subscription { text(name: $name) } }
        "one of two" subscription A($name: String! = "subscription ") { ...F }
        query B { text }
        """
    async with streaming(app, text, operationName="A") as client:
        assert await client.answer() == {"text": "subscription one"}
        turn(corpus, board, "two")
        assert await client.answer() == {"text": "subscription two"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost"
    ) as http:
        response = await http.post("/graphql", json={"query": "subscription { text }"})
        (error,) = response.json()["errors"]
        assert "text/event-stream" in error["message"]


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("text/event-stream, multipart/mixed", True),
        ("text/event-stream, application/json", True),
        ("application/json, text/event-stream", False),
        ("application/graphql-response+json, application/json, text/event-stream", False),
        ("application/json;q=0.5, text/event-stream", True),
        ("application/json, text/event-stream;q=0", False),
        ("*/*", False),
        ("text/*", False),
    ],
)
async def test_only_who_prefers_a_stream_gets_one(
    app: Starlette, accept: str, is_stream: bool
) -> None:
    async with streaming(app, TEXT, headers={"accept": accept}) as client:
        assert ("event-stream" in client.headers["content-type"]) == is_stream


async def test_streams_can_be_turned_off(make_app: MakeApp) -> None:
    async with streaming(make_app(streams=0), TEXT) as client:
        await client.end()
        assert client.status == 406


async def test_the_server_says_that_it_stops(app: Starlette) -> None:
    async with streaming(app, TEXT) as client:
        await client.answer()
        client.scope[ON_STOP]()
        assert "connect again" in (await client.next()).comment
        await client.end()
        assert "event: complete" not in client.text


async def test_a_stream_ends_after_its_time(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_S", 0.01)
    async with streaming(app, TEXT) as client:
        await client.answer()
        assert "connect again" in (await client.next()).comment
        await client.end()


async def test_quiet_streams_are_pinged(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PING_EVERY_S", 0.01)
    async with streaming(app, TEXT) as client:
        await client.answer()
        await client.until(lambda: client.text.endswith(":\n\n:\n\n:\n\n"))


async def test_a_quick_pace_does_not_lose_what_falls_between_looks(
    app: Starlette, corpus: Corpus, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "INTERVAL_S", 0.0)
    async with streaming(app, TEXT) as client:
        for number in range(30):
            turn(corpus, board, str(number))
            await asyncio.sleep(0.003 * (number % 5))
        while await client.answer() != {"text": "29"}:
            pass
