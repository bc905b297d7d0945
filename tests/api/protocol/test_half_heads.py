"""Half-sent heads of all connections take a bounded amount of memory."""

import contextlib
import socket
from collections.abc import Iterator

import pytest
import uvicorn

from api.observability.metrics import DROPPED
from api.protocol.half_heads import HalfHeads
from tests.api.conftest import AppFactory
from tests.api.protocol.conftest import GET, connected, port_of, receive_all, serves, serving, until

BOUND = 400_000
FEW_LARGE = GET[:-2] + b"a: " + b"x" * 40_000
MANY_SMALL = GET[:-2] + b"a:\r\n" * 1_000


@pytest.fixture
def server(app_with: AppFactory) -> Iterator[uvicorn.Server]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HalfHeads, "max_bytes", BOUND)
        with serving(app_with()) as server:
            yield server


def _dropped() -> float:
    value: float = DROPPED.labels("heads")._value.get()
    return value


def _held(server: uvicorn.Server) -> list[int]:
    """Return the sizes of the heads that the server holds, checking their sum."""
    protocol = next(iter(server.server_state.connections))
    heads: HalfHeads = protocol.half_heads  # type: ignore[union-attr]
    sizes = list(heads._sizes.values())
    assert heads._total == sum(sizes)
    return sizes


@pytest.mark.parametrize("head", [FEW_LARGE, MANY_SMALL], ids=["few large", "many small"])
def test_the_largest_heads_make_room_and_a_small_one_is_served(
    server: uvicorn.Server, head: bytes
) -> None:
    before = _dropped()
    with contextlib.ExitStack() as stack:
        small = stack.enter_context(connected(port_of(server)))
        small.sendall(GET[:-2])
        for _ in range(30):
            attacker = stack.enter_context(connected(port_of(server)))
            with contextlib.suppress(ConnectionError):
                attacker.sendall(head)
        until(lambda: _dropped() - before > 15)
        assert sum(_held(server)) <= BOUND
        assert min(_held(server)) < 100
        small.sendall(b"connection: close\r\n\r\n")
        assert receive_all(small).startswith(b"HTTP/1.1 200")
    assert serves(port_of(server))


def test_a_head_that_grows_is_counted_once_and_forgotten_when_it_is_complete(
    server: uvicorn.Server,
) -> None:
    with connected(port_of(server)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(GET[:-2])
        until(lambda: bool(server.server_state.connections) and bool(_held(server)))
        client.sendall(b"a: b\r\n" * 10)
        until(lambda: _held(server)[0] > 1_000)
        assert len(_held(server)) == 1
        client.sendall(b"\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        assert _held(server) == []


def test_a_half_head_whose_connection_is_cut_is_forgotten(server: uvicorn.Server) -> None:
    with connected(port_of(server)) as client, connected(port_of(server)) as other:
        other.sendall(GET)
        assert other.recv(65536)
        client.sendall(GET[:-2])
        until(lambda: len(_held(server)) == 1)
        client.close()
        until(lambda: _held(server) == [])


def test_a_closed_connection_keeps_nothing_of_its_head(server: uvicorn.Server) -> None:
    with connected(port_of(server)) as client:
        client.sendall(MANY_SMALL)
        until(lambda: bool(server.server_state.connections) and bool(_held(server)))
        (protocol,) = server.server_state.connections
        client.close()
        until(lambda: not server.server_state.connections)
        until(lambda: not protocol.headers)  # type: ignore[union-attr]
        assert not protocol.scope  # type: ignore[union-attr]
