"""Requests that are sent ahead wait in the kernel, and so do those of clients that do not read."""

import contextlib
import socket
import threading

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.protocol.connection import _PIECE, GuardedProtocol
from tests.api.protocol.conftest import (
    GET,
    connected,
    long_query,
    post,
    receive_all,
    serves,
    until,
)


def protocol_of(server: uvicorn.Server) -> HttpToolsProtocol:
    (protocol,) = server.server_state.connections
    assert isinstance(protocol, HttpToolsProtocol)
    return protocol


def test_requests_in_one_packet_are_answered_in_order(port: int) -> None:
    def request(number: int) -> bytes:
        query = b"%%7Bhello(name:%%22%d%%22)%%7D" % number
        return b"GET /graphql?query=" + query + b" HTTP/1.1\r\nhost: localhost\r\n\r\n"

    with connected(port) as client:
        client.sendall(b"".join(map(request, range(200))))
        received = receive_all(client)
    positions = [received.index(b"Hello, %d!" % number) for number in range(200)]
    assert positions == sorted(positions)


def test_requests_are_parsed_when_there_is_room_for_them(server: uvicorn.Server, port: int) -> None:
    slow = post("{ slow(seconds: 0.3) }")
    most = GuardedProtocol.max_queued + _PIECE // len(GET)
    with connected(port) as client:
        client.sendall(slow + GET * 5000)
        until(lambda: len(server.server_state.connections) == 1)
        protocol = protocol_of(server)
        until(lambda: len(protocol.pipeline) > GuardedProtocol.max_queued)
        assert len(protocol.pipeline) <= most
        received = 0
        while received < 5000:
            received += client.recv(1 << 20).count(b"HTTP/1.1 200")
            assert len(protocol.pipeline) <= most


def test_a_client_ahead_of_its_responses_is_not_read(server: uvicorn.Server, port: int) -> None:
    with connected(port, 4096) as client:
        client.sendall(post(long_query(3)))
        until(lambda: bool(server.server_state.connections))
        until(lambda: protocol_of(server).flow.write_paused)
        asked = server.server_state.total_requests

        def send() -> None:
            with contextlib.suppress(OSError):
                client.sendall(GET * 1_000_000)

        thread = threading.Thread(target=send)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # its bytes wait
        assert server.server_state.total_requests == asked
        client.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert serves(port)


def test_other_clients_are_served_between_the_requests_of_one(port: int) -> None:
    with connected(port) as greedy, connected(port) as modest:
        greedy.sendall(GET * 5000)
        modest.sendall(GET)
        assert modest.recv(65536).startswith(b"HTTP/1.1 200")
        greedy.setblocking(False)
        received = b""
        try:
            while chunk := greedy.recv(1 << 20):
                received += chunk
        except BlockingIOError:
            pass
        assert received.count(b"HTTP/1.1 200") < 5000
