"""Clients that are slow, endless, many, or do not speak HTTP, on raw sockets to a real server."""

import contextlib
import json
import resource
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from api.protocol import GuardedProtocol, raise_descriptor_limit
from tests.api.conftest import AppFactory

WITHIN_S = 0.4


class Impatient(GuardedProtocol):
    """The server's protocol with limits short enough for a test."""

    max_connections = 50
    headers_within_s = WITHIN_S
    stalled_after_s = WITHIN_S
    first_request_within_s = WITHIN_S
    _idle: dict[GuardedProtocol, None] = {}  # noqa: RUF012


@pytest.fixture
def server(app_with: AppFactory) -> Iterator[uvicorn.Server]:
    """A server in a thread of this process, on a free port."""
    app = app_with(timeout_s=WITHIN_S, max_body_kb=8)
    config = uvicorn.Config(
        app, port=0, http=Impatient, ws="none", log_config=None, access_log=False,
        timeout_keep_alive=1, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture
def port(server: uvicorn.Server) -> int:
    """The port of the server."""
    number: int = server.servers[0].sockets[0].getsockname()[1]
    return number


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        yield client


def receive_all(client: socket.socket) -> bytes:
    """Return everything until the server closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := client.recv(65536):
            received += chunk
    return received


def serves(port: int) -> bool:
    url = f"http://127.0.0.1:{port}/graphql"
    response = httpx.post(url, json={"query": "{ hello }"})
    return bool(response.json() == {"data": {"hello": "Hello, world!"}})


POST = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"


def test_a_silent_connection_is_closed(port: int) -> None:
    with connected(port) as client:
        assert receive_all(client) == b""


@pytest.mark.parametrize("drip", [b"x-drip: 1\r\n", b"a"])
def test_headers_that_drip_in_are_cut_off(port: int, drip: bytes) -> None:
    with connected(port) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                client.sendall(drip)
                time.sleep(0.05)
        assert b" 408 " in receive_all(client)


def test_the_headers_of_a_second_request_may_not_drip_in_either(port: int) -> None:
    with connected(port) as client:
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


def test_a_body_that_drips_in_is_cut_off(port: int) -> None:
    with connected(port) as client:
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


def test_a_client_that_never_reads_its_response_is_dropped(
    server: uvicorn.Server, port: int
) -> None:
    query = json.dumps(
        {"query": "{ " + " ".join(f"a{i}: long(size: 50000)" for i in range(150)) + " }"}
    )
    with connected(port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(POST + b"content-length: %d\r\n\r\n%s" % (len(query), query.encode()))
        time.sleep(WITHIN_S)
        assert server.server_state.connections
        time.sleep(1 + WITHIN_S * 3)
        assert not server.server_state.connections
    assert serves(port)


def test_a_client_that_reads_slowly_gets_its_whole_response(port: int) -> None:
    query = json.dumps(
        {"query": "{ " + " ".join(f"a{i}: long(size: 50000)" for i in range(40)) + " }"}
    )
    with connected(port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.sendall(POST + b"content-length: %d\r\n\r\n%s" % (len(query), query.encode()))
        received, began = b"", time.monotonic()
        while len(received) < 2_000_000:
            received += client.recv(65536)
            time.sleep(0.06)
        assert time.monotonic() - began > 1 + WITHIN_S  # or it was not slow enough to matter


@pytest.mark.parametrize(
    "garbage",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"HELO localhost\r\n", b"\0" * 1000,
     b"GET / HTTP/9.9\r\n\r\n", b"POST /graphql HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
     POST + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
     POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n", b"GET /%ff%fe HTTP/1.1\r\nhost: x\r\n\r\n",
     b"GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /healthz HTTP/1.1\nhost: a\n b\n\n"],
)  # fmt: skip
def test_garbage_is_refused_and_does_not_harm_other_clients(port: int, garbage: bytes) -> None:
    with connected(port) as client:
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


def test_requests_in_one_packet_are_answered_in_order(port: int) -> None:
    request = (
        b"GET /graphql?query=%7Bhello(name:%22"
        + b"%d"
        + b"%22)%7D HTTP/1.1\r\nhost: localhost\r\n\r\n"
    )
    with connected(port) as client:
        client.sendall(b"".join(request.replace(b"%d", b"%d" % i) for i in range(20)))
        received = receive_all(client)
        positions = [received.index(b"Hello, %d!" % i) for i in range(20)]
        assert positions == sorted(positions)


def test_the_limit_of_open_files_bounds_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    assert raise_descriptor_limit() == 4096 - 200
    assert limits[-1] == (4096, 4096)
    limits.append((1024, resource.RLIM_INFINITY))
    assert raise_descriptor_limit() == 65_536 - 200
