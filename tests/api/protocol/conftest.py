"""Servers in a thread of the test's process: patient ones, and those that a test can wait for."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from api.protocol.backlog import Backlog
from api.protocol.connection import GuardedProtocol
from api.protocol.half_heads import HalfHeads
from tests.api.conftest import AppFactory

PATIENT_S = 60.0
IMPATIENT_S = 0.4
KEEP_ALIVE_S = 1
POST = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
GET = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"

Server = uvicorn.Server
StartServer = Callable[..., Server]


@pytest.fixture
def start(app_with: AppFactory) -> Iterator[StartServer]:
    """Start servers on free ports; keywords are attributes of their backlog."""
    with contextlib.ExitStack() as stack:

        def start_one(within_s: float = PATIENT_S, **bounds: float) -> Server:
            app = app_with(timeout_s=within_s, max_body_kb=8)
            return stack.enter_context(serving(app, within_s, **bounds))

        yield start_one


@contextlib.contextmanager
def serving(app: Starlette, within_s: float = PATIENT_S, **bounds: float) -> Iterator[Server]:
    """Serve an application; a backlog and its timer belong to one event loop.

    The headers of a request have to arrive within so many seconds.
    """
    slow_readers = Backlog()
    for name, value in {"look_every_s": 0.1, **bounds}.items():
        setattr(slow_readers, name, value)

    class Protocol(GuardedProtocol):
        max_connections = 50
        first_request_within_s = 3
        backlog = slow_readers
        half_heads = HalfHeads()
        _idle = {}  # noqa: RUF012

    Protocol.headers_within_s = within_s
    config = uvicorn.Config(
        app, port=0, http=Protocol, ws="none", log_config=None, access_log=False,
        timeout_keep_alive=KEEP_ALIVE_S, timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture
def server(start: StartServer) -> Server:
    """A server with the usual bounds of a backlog."""
    return start()


@pytest.fixture
def port(server: Server) -> int:
    """The port of the server."""
    return port_of(server)


@pytest.fixture
def impatient_port(start: StartServer) -> int:
    """The port of a server that cuts off what has not arrived soon."""
    return port_of(start(IMPATIENT_S))


def port_of(server: Server) -> int:
    number: int = server.servers[0].sockets[0].getsockname()[1]
    return number


@contextlib.contextmanager
def connected(port: int, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    with socket.socket() as client:
        client.settimeout(60)
        if receive_buffer is not None:  # before connecting, or it is too late
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.connect(("127.0.0.1", port))
        yield client


def receive_all(client: socket.socket) -> bytes:
    """Return everything until the server closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := client.recv(65536):
            received += chunk
    return received


def post(query: str) -> bytes:
    """Return a request that posts a query."""
    body = json.dumps({"query": query}).encode()
    return POST + b"content-length: %d\r\n\r\n%s" % (len(body), body)


def long_query(megabytes: int, salt: str = "") -> str:
    """Return a query whose response has this size, and is made for it alone."""
    return f"{{ {' '.join(f'a{i}: long(size: 50000)' for i in range(20 * megabytes))} }} # {salt}"


def serves(port: int) -> bool:
    url = f"http://127.0.0.1:{port}/graphql"
    response = httpx.post(url, json={"query": "{ hello }"})
    return bool(response.json() == {"data": {"hello": "Hello, world!"}})


def until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
