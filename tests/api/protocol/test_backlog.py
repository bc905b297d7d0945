"""What clients leave unread is bounded: how slowly they may read, and how much all may leave."""

import contextlib
import socket
import time

import pytest
import uvicorn

from api.observability.metrics import DROPPED, STREAMS
from tests.api.conftest import Corpus
from tests.api.protocol.conftest import (
    StartServer,
    connected,
    long_query,
    port_of,
    post,
    receive_all,
    serves,
    until,
)

SMALL = 4096  # bytes of a receive buffer


def dropped(reason: str) -> float:
    value: float = DROPPED.labels(reason)._value.get()
    return value


def connections(server: uvicorn.Server) -> int:
    return len(server.server_state.connections)


def watched(server: uvicorn.Server) -> int:
    """Return how many clients have not read all of their responses."""
    protocols = list(server.server_state.connections)
    return len(protocols[0].backlog._readers) if protocols else 0  # type: ignore[union-attr]


@pytest.mark.parametrize("header", [b"", b"connection: close\r\n"])
def test_a_client_that_never_reads_is_dropped(start: StartServer, header: bytes) -> None:
    server = start(window_s=0.4)
    before = dropped("slow")
    with connected(port_of(server), SMALL) as client:
        client.sendall(post(long_query(5)).replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n", 1))
        until(lambda: dropped("slow") == before + 1)
        until(lambda: connections(server) == 0)
    assert serves(port_of(server))


def test_a_stream_that_is_not_read_is_dropped_and_a_quiet_one_is_kept(
    start: StartServer, corpus: Corpus
) -> None:
    server = start(window_s=0.4)
    before, streams = dropped("slow"), STREAMS._value.get()
    accept = b"\r\naccept: text/event-stream\r\n\r\n"
    with connected(port_of(server)) as reader, connected(port_of(server), SMALL) as other:
        reader.sendall(post("{ count }").replace(b"\r\n\r\n", accept, 1))
        received = b""
        while b'"count":1}' not in received:
            received += reader.recv(65536)
        other.sendall(post(long_query(5)).replace(b"\r\n\r\n", accept, 1))
        until(lambda: dropped("slow") == before + 1)
        until(lambda: STREAMS._value.get() == streams + 1)  # the dropped one holds nothing
        assert connections(server) == 1
        corpus.version += 1
        while b'"count":2}' not in received:
            received += reader.recv(65536)
    until(lambda: STREAMS._value.get() == streams)


def test_a_client_that_reads_too_slowly_is_dropped(start: StartServer) -> None:
    server = start(window_s=0.4, min_rate=100_000)
    before = dropped("slow")
    with connected(port_of(server), SMALL) as client:
        client.sendall(post(long_query(5)))
        deadline = time.monotonic() + 60
        with contextlib.suppress(ConnectionResetError):
            while dropped("slow") == before:
                assert time.monotonic() < deadline
                client.recv(100)
                time.sleep(0.02)
        until(lambda: connections(server) == 0)


def test_a_client_that_reads_slowly_but_steadily_gets_its_whole_response(
    start: StartServer,
) -> None:
    server = start(window_s=1)
    with connected(port_of(server), 65536) as client:
        client.sendall(post(long_query(2)))
        received, began = b"", time.monotonic()
        while len(received) < 2_000_000:
            chunk = client.recv(65536)
            assert chunk
            received += chunk
            time.sleep(0.08)
        assert time.monotonic() - began > 2 * 1  # or it was not slow enough to matter


def test_the_client_that_would_take_longest_makes_room(start: StartServer) -> None:
    server = start(max_bytes=12_000_000)
    before = dropped("backlog")
    with contextlib.ExitStack() as stack:
        readers: list[socket.socket] = []
        for number in range(4):
            reader = stack.enter_context(connected(port_of(server), SMALL))
            reader.sendall(post(long_query(5, str(number))))
            readers.append(reader)
            # The earlier responses are sent before the next is asked for.
            until(lambda: len(readers) == watched(server) + dropped("backlog") - before)
            time.sleep(0.3)
        until(lambda: dropped("backlog") == before + 2)
        until(lambda: connections(server) == 2)
        for kept in readers[2:]:
            kept.shutdown(socket.SHUT_WR)
            assert len(receive_all(kept)) > 5_000_000
    assert serves(port_of(server))


def test_nothing_is_watched_when_all_has_been_read(start: StartServer) -> None:
    server = start()
    with connected(port_of(server), SMALL) as client:
        client.sendall(
            post(long_query(5)).replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1)
        )
        until(lambda: connections(server) == 1)
        (protocol,) = server.server_state.connections
        until(lambda: bool(protocol.backlog._readers))  # type: ignore[union-attr]
        assert protocol.backlog._unread > 1_000_000  # type: ignore[union-attr]
        assert len(receive_all(client)) > 5_000_000
    until(lambda: connections(server) == 0)
    assert protocol.backlog._readers == {}  # type: ignore[union-attr]
    assert protocol.backlog._unread == 0  # type: ignore[union-attr]
