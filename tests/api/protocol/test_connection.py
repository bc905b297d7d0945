"""Clients that are slow, endless, many, or do not speak HTTP, on raw sockets to a real server."""

import contextlib
import json
import re
import select
import socket
import time
from itertools import pairwise

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.protocol.conftest import GET, POST, connected, post, receive_all, serves


def test_a_silent_connection_is_closed(impatient_port: int) -> None:
    with connected(impatient_port) as client:
        assert receive_all(client) == b""


@pytest.mark.parametrize("drip", [b"x-drip: 1\r\n", b"a"])
def test_headers_that_drip_in_are_cut_off(impatient_port: int, drip: bytes) -> None:
    with connected(impatient_port) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n")
        with contextlib.suppress(OSError):
            for _ in range(1000):
                client.sendall(drip)
                if select.select([client], [], [], 0.05)[0]:
                    break
        assert b" 408 " in receive_all(client)


def test_the_headers_of_a_second_request_may_not_drip_in_either(impatient_port: int) -> None:
    with connected(impatient_port) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        client.sendall(b"GET /healthz HTTP/1.1\r\nhost:")
        assert b" 408 " in receive_all(client)


@pytest.mark.parametrize(
    "head",
    [b"GET /" + b"a" * 100_000, b"GET / HTTP/1.1\r\nx: " + b"a" * 100_000,
     b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000, b"a" * 100_000],
)  # fmt: skip
def test_endless_headers_are_cut_off(port: int, head: bytes) -> None:
    with connected(port) as client:
        with contextlib.suppress(OSError):
            client.sendall(head)
        assert receive_all(client)[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400", b"")
    assert serves(port)


def test_headers_that_are_complete_but_too_large_are_refused(port: int) -> None:
    with connected(port) as client:
        client.sendall(
            b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 70_000 + b"\r\n\r\n"
        )
        assert receive_all(client).startswith(b"HTTP/1.1 431")
    assert serves(port)


def test_a_body_in_the_same_packet_does_not_count_as_headers(port: int) -> None:
    body = json.dumps({"query": "{ hello }" + " " * 7000}).encode()
    with connected(port) as client:
        client.sendall(POST + b"content-length: %d\r\n\r\n" % len(body) + body)
        assert client.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_body_that_drips_in_is_cut_off(impatient_port: int) -> None:
    with connected(impatient_port) as client:
        client.sendall(POST + b"content-length: 100\r\n\r\n{")
        assert receive_all(client).startswith(b"HTTP/1.1 408")


def test_a_body_that_is_too_large_is_refused_unread(port: int) -> None:
    with connected(port) as client:
        client.sendall(POST + b"content-length: 99999999999\r\n\r\n")
        assert receive_all(client).startswith(b"HTTP/1.1 413")
    with connected(port) as client, contextlib.suppress(OSError):
        client.sendall(POST + b"transfer-encoding: chunked\r\n\r\n")
        for _ in range(1000):
            client.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
    assert serves(port)


@pytest.mark.parametrize(
    "garbage",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"HELO localhost\r\n", b"\0" * 1000,
     b"GET / HTTP/9.9\r\n\r\n", b"POST /graphql HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
     POST + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
     POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n", b"GET /%ff%fe HTTP/1.1\r\nhost: x\r\n\r\n",
     b"GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /healthz HTTP/1.1\nhost: a\n b\n\n"],
)  # fmt: skip
def test_garbage_is_refused_and_does_not_harm_other_clients(
    port: int, impatient_port: int, garbage: bytes
) -> None:
    with connected(impatient_port) as client:
        client.sendall(garbage)
        received = receive_all(client)
        assert b"Traceback" not in received
        assert not received.startswith((b"HTTP/1.1 2", b"HTTP/1.1 5"))
    assert serves(port)


def test_idle_connections_make_room_for_busy_ones(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connected(port))
        for _ in range(5):
            assert serves(port)


def test_a_connection_opened_before_the_server_stops_gets_a_response(
    server: uvicorn.Server, port: int
) -> None:
    with connected(port) as client, connected(port) as silent:
        httpx.get(f"http://127.0.0.1:{port}/healthz")  # the server has accepted all three
        server.should_exit = True
        with contextlib.suppress(ConnectionRefusedError):
            while True:
                socket.create_connection(("127.0.0.1", port)).close()
                time.sleep(0.01)
        client.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        response = client.recv(65536)
        assert response.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in response
        assert silent.recv(1) == b""


STREAM = [
    GET,
    post("{ hello }"),
    post('{ hello(name: "' + "x" * 3000 + '") }'),
    POST
    + b"transfer-encoding: chunked\r\n\r\n"
    + b'9\r\n{"query":\r\n9\r\n"{hello}"\r\n1\r\n}\r\n0\r\n\r\n',
    GET.replace(b"\r\n\r\n", b"\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
    b"HEAD /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
]
VARIABLE = re.compile(rb"\r\n(date|x-request-id): [^\r]*")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), numbers=st.lists(st.integers(0, len(STREAM) - 1), min_size=1, max_size=40))
def test_the_responses_do_not_depend_on_how_the_bytes_arrive(
    port: int, data: st.DataObject, numbers: list[int]
) -> None:
    stream = b"".join(STREAM[number] for number in numbers)
    stream += b"GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    with connected(port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start, end in pairwise([0, *cuts, len(stream)]):
            client.sendall(stream[start:end])
            time.sleep(0.001)
        in_pieces = receive_all(client)
    with connected(port) as client:
        client.sendall(stream)
        at_once = receive_all(client)
    assert VARIABLE.sub(b"", in_pieces) == VARIABLE.sub(b"", at_once)
    assert in_pieces.count(b"HTTP/1.1 ") == len(numbers) + 1
