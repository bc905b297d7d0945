"""Encoded results: what several requests share of one, and what each has for itself."""

import asyncio
import gzip
import threading

import httpx
import pytest
from starlette.responses import Response

from api.graphql import response
from api.graphql.negotiation import JSON
from api.graphql.response import EncodedResult, with_headers
from store.audience import Audience
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio

LARGE = 1_000_000


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads in which bodies were digested and compressed."""
    threads: list[threading.Thread] = []
    for name in ("_etag", "_gzipped"):
        compute = getattr(response, name)

        def observed(body: bytes, compute: object = compute) -> object:
            threads.append(threading.current_thread())
            assert callable(compute)
            return compute(body)

        monkeypatch.setattr(response, name, observed)
    return threads


async def get(http: httpx.AsyncClient, size: int, **headers: str) -> httpx.Response:
    query = {"query": f"{{ long(size: {size}) }}"}
    headers = {"accept-encoding": "gzip", **headers}
    return await http.get("/graphql", params=query, headers=headers)


@pytest.mark.parametrize("cache_mb", [0, 1, 64])  # nothing, or no large response, or all are kept
async def test_large_bodies_are_digested_and_compressed_beside_the_event_loop(
    client: ClientFactory, threads: list[threading.Thread], cache_mb: int
) -> None:
    http = client(cache_mb=cache_mb)
    first = await get(http, LARGE)
    assert first.headers["content-encoding"] == "gzip"
    assert len(first.json()["data"]["long"]) == LARGE
    assert threading.main_thread() not in threads
    again = await get(http, LARGE, **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    plain = await get(http, LARGE, **{"accept-encoding": "identity"})
    assert plain.json() == first.json()
    assert plain.headers["etag"] == first.headers["etag"]
    assert threading.main_thread() not in threads


async def test_small_bodies_are_not_worth_a_thread(
    client: ClientFactory, threads: list[threading.Thread]
) -> None:
    assert (await get(client(), 5000)).headers["content-encoding"] == "gzip"
    assert set(threads) == {threading.main_thread()}


async def test_a_large_body_is_digested_and_compressed_once_for_all_who_share_it(
    client: ClientFactory, threads: list[threading.Thread]
) -> None:
    http = client(audience=Audience.PUBLIC)
    answers = await asyncio.gather(*(get(http, LARGE) for _ in range(20)))
    assert len({answer.headers["etag"] for answer in answers}) == 1
    await get(http, LARGE)
    assert len(threads) == 2


async def test_a_client_that_disconnects_does_not_stop_the_compression_for_others(
    client: ClientFactory,
) -> None:
    http = client()
    first = asyncio.create_task(get(http, LARGE))
    others = [asyncio.create_task(get(http, LARGE)) for _ in range(3)]
    await asyncio.sleep(0.01)
    first.cancel()
    assert {(await other).headers["content-encoding"] for other in others} == {"gzip"}


async def test_requests_that_share_an_internal_error_each_get_their_own_id(
    client: ClientFactory,
) -> None:
    http = client()
    query = {"query": "{ slow(seconds: 0.2) broken }"}
    ids = [f"request-{number}" for number in range(5)]
    answers = await asyncio.gather(
        *(http.post("/graphql", json=query, headers={"x-request-id": id_}) for id_ in ids)
    )
    errors = [answer.json()["errors"][0]["extensions"] for answer in answers]
    assert [error["requestId"] for error in errors] == ids
    assert len({error["id"] for error in errors}) == 1  # it happened, and was logged, once
    assert not any(response.REQUEST_ID in answer.text for answer in answers)


def test_the_same_bytes_are_compressed_to_the_same_bytes() -> None:
    result = response.EncodedResult(b"news " * 1000)
    assert gzip.decompress(result.gzipped) == result.body
    assert result.gzipped == response.EncodedResult(result.body).gzipped


def test_the_headers_for_one_request_are_not_in_the_response_that_others_share() -> None:
    result = EncodedResult(b"{}")

    def shared() -> Response:
        return result.http_response(
            JSON, cache_control="private", vary="Accept", gzip=False, if_none_match=""
        )

    own = with_headers(shared(), {"ratelimit": "r=1"})
    assert own.headers["ratelimit"] == "r=1"
    assert own.headers["etag"] == shared().headers["etag"]
    assert own.body == b"{}"
    assert "ratelimit" not in shared().headers
    assert shared() is shared()
