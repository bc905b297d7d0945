"""Around a request: its id, its line in the log, its count."""

import logging

import pytest
from prometheus_client import REGISTRY
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from api.observability.middleware import RequestLog
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio


async def test_a_caller_may_choose_a_request_id_that_is_harmless(client: ClientFactory) -> None:
    http = client()
    for chosen in ("abc-1", "A" * 64, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"):
        response = await http.get("/healthz", headers={"x-request-id": chosen})
        assert response.headers["x-request-id"] == chosen
    for forged in ("", "A" * 65, "a b", 'x","level":"error'):
        response = await http.get("/healthz", headers={"x-request-id": forged})
        assert response.headers["x-request-id"] not in ("", forged)


async def test_each_request_logs_one_record_with_its_outcome(
    client: ClientFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="newsgraph.access")
    http = client()
    body = {"query": "query Greet { hello }"}
    await http.post("/graphql", json=body)
    await http.post("/graphql", json=body)
    await http.post("/graphql", content=b"")
    records = [r for r in caplog.records if r.name == "newsgraph.access"]
    assert [r.getMessage() for r in records] == ["POST /graphql"] * 3
    first, second, third = (vars(record) for record in records)
    assert first["status"] == 200
    assert (first["operation"], first["outcome"], first["cached"]) == ("Greet", "ok", False)
    assert second["cached"] is True
    assert (third["status"], third["outcome"]) == (415, "BAD_USER_INPUT")
    assert first["ms"] >= 0


async def test_no_record_is_made_below_the_level_of_the_log(
    client: ClientFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="newsgraph.access")
    await client().get("/healthz")
    assert not [r for r in caplog.records if r.name == "newsgraph.access"]


async def test_responses_are_counted_by_status(client: ClientFactory) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("newsgraph_http_responses_total", {"status": "404"}) or 0

    before = count()
    await client().get("/nowhere")
    assert count() == before + 1


async def _receive() -> Message:
    return {"type": "http.request"}


async def test_an_error_after_the_response_began_closes_the_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("boom")

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ValueError, match="boom"):
        await RequestLog(app)(scope, _receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]
    id_ = Headers(raw=sent[0]["headers"])["x-request-id"]
    assert f"Internal error {id_}" in caplog.text


async def test_what_is_not_a_request_passes_through() -> None:
    types = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        types.append(scope["type"])

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent")

    await RequestLog(app)({"type": "lifespan"}, _receive, send)
    assert types == ["lifespan"]
