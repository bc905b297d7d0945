"""What clients see of failures: a code, a status, an id; never the internals.

Covers `execution`, `concurrency`, and internal errors of the `middleware`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.graphql.concurrency import ConcurrencyLimit
from tests.api.conftest import AppFactory, ClientFactory

pytestmark = pytest.mark.anyio

GRAPHQL = {"accept": "application/graphql-response+json"}


async def post(http: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await http.post("/graphql", json={"query": query}, headers={**GRAPHQL, **headers})


async def test_an_internal_error_is_masked_and_its_log_record_has_its_ids(
    client: ClientFactory, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"x-request-id": "request-7"}
    response = await post(client(), "{ hello broken }", **headers)
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello, world!", "broken": None}
    (error,) = response.json()["errors"]
    assert error["path"] == ["broken"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["requestId"] == "request-7" == response.headers["x-request-id"]
    assert "hunter2" not in response.text
    records = [r for r in caplog.records if r.name == "newsgraph.errors"]
    assert error["extensions"]["id"] in records[0].getMessage()
    assert records[0].exc_info
    assert "hunter2" in logging.Formatter().formatException(records[0].exc_info)


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize("query", ["{ down }", "{ requiredDown }", "{ a: down b: down }"])
async def test_when_nothing_could_be_read_the_status_is_503_with_retry_after(
    client: ClientFactory, query: str, accept: str
) -> None:
    response = await post(client(), query, accept=accept)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["cache-control"] == "no-store"
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_fields_that_could_be_read_are_returned_beside_those_that_could_not(
    client: ClientFactory,
) -> None:
    response = await post(client(), "{ hello down }")
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello, world!", "down": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_a_query_over_the_time_limit_is_stopped(client: ClientFactory) -> None:
    response = await post(client(timeout_s=0.2), "{ slow(seconds: 3600) }")
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
    assert "data" not in response.json()


async def test_a_body_that_does_not_arrive_in_time_is_refused(client: ClientFactory) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        yield b'{"query":'
        await asyncio.sleep(3600)
        yield b'"{ hello }"}'

    response = await client(timeout_s=0.2).post(
        "/graphql", content=trickle(), headers={"content-type": "application/json"}
    )
    assert response.status_code == 408
    assert response.headers["connection"] == "close"


async def test_requests_beyond_the_concurrency_limit_are_refused_at_once(
    client: ClientFactory, held: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConcurrencyLimit.__init__, "__defaults__", (20,))
    http = client(timeout_s=300)
    requests = {asyncio.create_task(post(http, f"{{ held a{i}: hello }}")) for i in range(30)}
    refused: set[asyncio.Task[httpx.Response]] = set()
    while len(refused) < 10:
        done, _ = await asyncio.wait(requests - refused, return_when=asyncio.FIRST_COMPLETED)
        refused |= done
    held.set()
    assert [request.result().status_code for request in refused] == [503] * 10
    others = await asyncio.gather(*(requests - refused))
    assert [response.status_code for response in others] == [200] * 20
    assert (await post(http, "{ hello }")).status_code == 200


async def test_an_exception_outside_graphql_is_masked_too(
    app_with: AppFactory, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Request) -> Response:
        raise RuntimeError("password=hunter2")

    app = app_with()
    app.add_route("/fail", fail)
    transport = httpx.ASGITransport(app)
    http = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    response = await http.get("/fail")
    assert response.status_code == 500
    assert "hunter2" not in response.text
    assert (
        response.json()["errors"][0]["extensions"]["requestId"]
        == (response.headers["x-request-id"])
    )
    assert any("Internal error" in r.getMessage() for r in caplog.records)
