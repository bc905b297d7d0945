"""What never reaches the application is answered, logged and counted like everything else."""

import contextlib
import json
import logging
import os
import time

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.observability.metrics import HTTP
from tests.api.conftest import AppFactory
from tests.api.protocol.conftest import (
    GET,
    IMPATIENT_S,
    PATIENT_S,
    POST,
    StartServer,
    connected,
    port_of,
    post,
    receive_all,
    serves,
    serving,
    until,
)

REFUSED = {
    b"HELLO\r\n\r\n": 400,
    b"GET /healthz HTTP/1.1\r\n\r\n": 400,
    b"GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n": 400,
    b"GET /healthz HTTP/1.1\r\nhost: a\r\nx: " + b"x" * 70_000 + b"\r\n\r\n": 431,
    b"GET /healthz HTTP/1.1\r\nhost: a\r\nx: ": 408,
    POST + b"transfer-encoding: gzip, chunked\r\n\r\n": 501,
}


def counted(status: int) -> float:
    value: float = HTTP.labels(status)._value.get()
    return value


@pytest.mark.parametrize("request_", REFUSED)
def test_a_refusal_says_why_and_is_logged_and_counted(
    start: StartServer, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    status = REFUSED[request_]
    port = port_of(start(IMPATIENT_S if status == 408 else PATIENT_S))
    before = counted(status)
    with caplog.at_level(logging.INFO, "newsgraph.access"), connected(port) as client:
        client.sendall(request_)
        head, _, body = receive_all(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d" % status)
    headers = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"connection"] == b"close"
    assert headers[b"x-request-id"]
    (error,) = json.loads(body)["errors"]
    until(lambda: counted(status) == before + 1)
    (record,) = [record for record in caplog.records if record.name == "newsgraph.access"]
    assert vars(record)["status"] == status
    assert vars(record)["reason"] == error["message"]


def test_a_refusal_waits_for_its_turn(port: int) -> None:
    with connected(port) as client:
        client.sendall(post("{ slow(seconds: 0.2) }") + GET + b"HELLO\r\n\r\n" + GET)
        received = receive_all(client)
    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"200", b"400"]


@pytest.mark.parametrize("before", [b"", post("{ slow(seconds: 0.2) }")])
def test_a_body_that_cannot_be_parsed_is_refused_in_its_turn(port: int, before: bytes) -> None:
    with connected(port) as client:
        client.sendall(before + POST + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n" + GET)
        received = receive_all(client)
    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200"] * bool(before) + [b"400"]


def test_headers_that_wait_for_earlier_requests_are_not_late(app_with: AppFactory) -> None:
    within_s = 1
    slow = b"".join(post(f"{{ slow(seconds: {part}) }}") for part in (0.8, 0.9))
    last = GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    with serving(app_with(), within_s) as server, connected(port_of(server)) as client:
        client.sendall(slow + last[:20])
        time.sleep(1.1 * within_s)  # the server answers the first two, and reads nothing
        client.sendall(last[20:])
        received = receive_all(client)
    assert received.count(b"HTTP/1.1 ") == 3
    assert b" 408 " not in received


PARTS = st.sampled_from(
    [
        b"GET /healthz HTTP/1.1\r\n", b"POST /graphql HTTP/1.1\r\n", b"host: a\r\n", b"\r\n", GET,
        b"content-length: 5\r\n", b"content-length: 99999\r\n", b"transfer-encoding: chunked\r\n",
        b"content-type: application/json\r\n", b"connection: close\r\n", b"0\r\n\r\n",
        b"expect: 100-continue\r\n",
        b"upgrade: websocket\r\nconnection: upgrade\r\n", b"5\r\n{}   \r\n", b"{}",
        b"CONNECT a:1 HTTP/1.1\r\n", b"GET http://b/ HTTP/1.0\r\n", b"OPTIONS * HTTP/1.1\r\n",
        post("{ hello }"), b"x" * 5000,
    ]
)  # fmt: skip


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(messages=st.lists(st.lists(PARTS | st.binary(max_size=30), max_size=12), max_size=3))
def test_no_garbage_harms_the_server(port: int, messages: list[list[bytes]]) -> None:
    with contextlib.suppress(OSError), connected(port) as client:
        for message in messages:
            client.sendall(b"".join(message))
    assert serves(port)


def test_garbage_leaves_no_connection_and_no_descriptor(server: uvicorn.Server, port: int) -> None:
    assert serves(port)
    until(lambda: not server.server_state.connections)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with contextlib.ExitStack() as stack:
        for number in range(40):
            client = stack.enter_context(connected(port))
            client.sendall(list(REFUSED)[number % len(REFUSED)])
    until(lambda: not server.server_state.connections)
    assert not server.server_state.tasks
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
