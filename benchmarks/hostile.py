"""Clients that misuse connections, for `benchmarks.soak`: what no GraphQL request can express.

Each function is one attack. It takes the server's port, and returns when the server has closed the
connection, or after at most half a minute.
"""

import json
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TypeAlias

Attack: TypeAlias = Callable[[int], None]

_GIVE_UP_S: Final = 15
_HOST: Final = b"host: localhost\r\n"
_POST: Final = b"POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\n" + _HOST
_LARGE: Final = " ".join(
    f"a{n}: items(first: 100) {{ nodes {{ id title excerpt body webUrl tags }} }}" for n in range(5)
)


def pipelines(port: int) -> None:
    """Send 10,000 requests at once, and read the responses afterwards."""
    with _connection(port) as client:
        client.sendall((b"GET /healthz HTTP/1.1\r\n" + _HOST + b"\r\n") * 10_000)
        _read_to_the_end(client)


def reads_slowly(port: int) -> None:
    """Ask for a large response, and read 2,000 bytes of it every 5 seconds."""
    with _connection(port, receive_buffer=4096) as client:
        client.sendall(_post({"query": f"query Q{random.randrange(10**9)} {{ {_LARGE} }}"}))
        for _ in range(6):
            time.sleep(5)
            if not client.recv(2_000):
                return


def uploads(port: int) -> None:
    """Send a body of 5 MB, which is refused, without reading the refusal first."""
    with _connection(port) as client:
        client.sendall(_POST + b"content-length: 5000000\r\n\r\n")
        client.sendall(b" " * 5_000_000)
        _read_to_the_end(client)


def sends_half_a_head(port: int) -> None:
    """Send many small headers, and never the end of them."""
    with _connection(port) as client:
        client.sendall(b"GET /graphql HTTP/1.1\r\n" + _HOST + b"a:b\r\n" * 10_000)
        _read_to_the_end(client)


def cuts(port: int) -> None:
    """Reset the connection in a request, or before its response."""
    request = _post({"query": f"query Q{random.randrange(10**9)} {{ {_LARGE} }}"})
    with _connection(port) as client:
        client.sendall(request[: random.choice((len(request), len(request) // 2))])
        time.sleep(random.uniform(0, 0.05))
        # Without waiting for what is not sent yet: socket(7), SO_LINGER.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


RAW_ATTACKS: Final[tuple[Attack, ...]] = (
    pipelines,
    reads_slowly,
    uploads,
    sends_half_a_head,
    cuts,
)


@contextmanager
def _connection(port: int, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    """Connect; that the server closes the connection, or does not go on, ends the block."""
    with socket.socket() as client, suppress(OSError):
        client.settimeout(_GIVE_UP_S)
        if receive_buffer is not None:  # before connecting, or it is too late
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.connect(("127.0.0.1", port))
        yield client


def _read_to_the_end(client: socket.socket) -> None:
    deadline = time.monotonic() + _GIVE_UP_S
    while time.monotonic() < deadline and client.recv(1 << 20):
        pass


def _post(body: dict[str, str]) -> bytes:
    content = json.dumps(body).encode()
    return _POST + b"content-length: %d\r\n\r\n%s" % (len(content), content)
