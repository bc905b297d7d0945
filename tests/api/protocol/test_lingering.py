"""A response that is sent before its request has arrived reaches the client."""

import contextlib
import json
import time
import urllib.error
import urllib.request

import pytest
import uvicorn

from api.protocol.lingering import Lingering
from tests.api.protocol.conftest import GET, POST, connected, receive_all, serves, until

MB = 1_000_000
EARLY = {
    413: POST,
    415: POST.replace(b"application/json", b"text/plain"),
    403: POST + b"sec-fetch-site: cross-site\r\n",
    401: POST + b"authorization: Bearer wrong\r\n",
    404: POST.replace(b"/graphql", b"/nothing"),
    400: POST + b"host: another\r\n",
}


@pytest.mark.parametrize("size", [MB, 5 * MB])
@pytest.mark.parametrize("status", EARLY)
def test_a_client_that_sends_everything_before_it_reads_gets_its_response(
    port: int, status: int, size: int
) -> None:
    for _ in range(3):
        with connected(port) as client:
            client.sendall(EARLY[status] + b"content-length: %d\r\n\r\n" % size)
            client.sendall(b"x" * size)
            response = receive_all(client)
        head, _, body = response.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d" % status)
        assert b"\r\nconnection: close" in head.lower()
        assert status == 404 or json.loads(body)["errors"]


def test_urllib_sees_the_refusal_of_a_large_body(port: int) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", b"x" * MB, {"content-type": "application/json"}
    )
    for _ in range(10):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request)  # noqa: S310
        assert error.value.code == 413
        error.value.close()


def test_the_connection_closes_as_soon_as_the_client_is_done(
    server: uvicorn.Server, port: int
) -> None:
    with connected(port) as client:
        client.sendall(POST + b"content-length: 99999\r\n\r\n")
        assert receive_all(client).startswith(b"HTTP/1.1 413")
        assert server.server_state.connections  # the server waits for the rest
    until(lambda: not server.server_state.connections)


def test_a_client_that_falls_silent_is_left(
    server: uvicorn.Server, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lingering, "idle_s", 1)
    with connected(port) as client:
        client.sendall(POST + b"content-length: 99999\r\n\r\n")
        assert receive_all(client).startswith(b"HTTP/1.1 413")
        for _ in range(15):  # for longer than that, with pauses that are much shorter
            time.sleep(0.1)
            client.sendall(b"x")
        assert server.server_state.connections
        until(lambda: not server.server_state.connections)


@pytest.mark.parametrize("bounds", [{"total_s": 0.5, "idle_s": 0.2}, {"max_bytes": 200_000}])
def test_a_client_that_never_stops_sending_is_cut_off(
    server: uvicorn.Server, port: int, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, float]
) -> None:
    for name, value in bounds.items():
        monkeypatch.setattr(Lingering, name, value)
    with connected(port) as client:
        client.sendall(POST + b"content-length: 99999999\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(200):
                client.sendall(b"x" * 10_000)
                time.sleep(0.02)
                if not server.server_state.connections:
                    break
        until(lambda: not server.server_state.connections)
    assert serves(port)


def test_requests_that_follow_the_last_one_do_not_destroy_its_response(port: int) -> None:
    last = GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    for _ in range(10):
        with connected(port) as client:
            client.sendall(last + GET * 3000)
            assert receive_all(client).startswith(b"HTTP/1.1 200")


def test_a_complete_request_keeps_its_connection_whatever_the_answer(port: int) -> None:
    with connected(port) as client:
        for _ in range(3):
            client.sendall(EARLY[401] + b"content-length: 2\r\n\r\n{}")
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(1)
            assert head.startswith(b"HTTP/1.1 401")
            assert b"connection: close" not in head.lower()
            left = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            while left:
                left -= len(client.recv(left))
