"""`serve` as a supervisor runs it: real processes, workers, signals, a real MongoDB."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from api.server import run
from api.settings import Settings, SettingsError
from loaders.load import load
from loaders.options import Options
from tests.api.conftest import COMMAND, UNREACHABLE, newsgraph

CONTENT = Path(__file__).parents[2] / "examples/content"
WITHIN_S = 20

Server = tuple[subprocess.Popen[str], str]
Start = Callable[..., Server]


@pytest.fixture
def serve(mongod: str, database_name: str) -> Iterator[Start]:
    """Start servers of the test's database; returns each process and its origin."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **variables: str) -> Server:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            env={
                **os.environ,
                "NEWSGRAPH_MONGODB_URI": mongod,
                "NEWSGRAPH_DATABASE": database_name,
                **variables,
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        line = log_of(process).readline()
        match = re.fullmatch(r"newsgraph is listening on (http://.*)/graphql\n", line)
        assert match, line
        origin = match[1]
        until(lambda: httpx.get(f"{origin}/healthz").status_code == 200)
        return process, origin

    yield start
    for process in started:
        process.kill()
        process.wait()
        log_of(process).close()


def log_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stderr is not None
    return process.stderr


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; a server that is not listening yet does not count."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(url: str, query: str) -> dict[str, Any]:
    result: dict[str, Any] = httpx.post(f"{url}/graphql", json={"query": query}).json()
    return result


def test_a_finished_load_makes_every_worker_ready_and_shows_within_a_second(
    serve: Start, mongod: str, database_name: str
) -> None:
    _, url = serve("--workers", "2")
    waiting = httpx.get(f"{url}/readyz")
    assert waiting.status_code == 503
    assert "newsgraph load" in waiting.json()["why"]

    def counts() -> set[int]:
        return {
            ask(url, "{ corpus { itemCount } }")["data"]["corpus"]["itemCount"] for _ in range(20)
        }

    assert counts() == {0}
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    time.sleep(1)
    (count,) = counts()
    assert count > 60
    until(lambda: httpx.get(f"{url}/readyz").status_code == 200)


def test_sigterm_finishes_the_request_in_flight_and_exits_cleanly(serve: Start) -> None:
    process, url = serve()
    port = int(url.rpartition(":")[2])
    body = b'{"query": "{ __typename }"}'
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(
            b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n" % len(body) + body[:5]
        )
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=1)
        client.sendall(body[5:])
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in answer
    assert process.wait(WITHIN_S) == 0


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [pid for pid in map(int, listed) if b"spawn_main" in command_line(pid)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_a_worker_that_dies_is_replaced_and_none_outlives_the_server(serve: Start) -> None:
    process, url = serve("--workers", "2")
    until(lambda: len(children(process)) == 2)
    victim, other = children(process)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(children(process)) == 2 and victim not in children(process))
    for _ in range(20):
        assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    last = children(process)
    assert other in last
    process.send_signal(signal.SIGTERM)
    assert process.wait(WITHIN_S) == 0
    until(lambda: not any(b"spawn_main" in command_line(pid) for pid in last))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_sighup_replaces_every_worker_while_requests_are_served(serve: Start) -> None:
    process, url = serve("--workers", "2")
    until(lambda: len(children(process)) == 2)
    old = set(children(process))
    process.send_signal(signal.SIGHUP)
    while old & set(children(process)):
        assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    until(lambda: len(children(process)) == 2)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_workers_end_when_the_server_is_killed(serve: Start) -> None:
    process, _ = serve("--workers", "2")
    until(lambda: len(children(process)) == 2)
    workers = children(process)
    process.kill()
    until(lambda: not any(b"spawn_main" in command_line(pid) for pid in workers))


def test_metrics_are_the_sum_of_all_workers(serve: Start) -> None:
    _, url = serve("--workers", "2")
    for _ in range(30):
        ask(url, "query Counted { __typename }")
    line = 'newsgraph_operations_total{operation="Counted",outcome="ok"} 30.0'
    assert line in httpx.get(f"{url}/metrics").text


def test_logs_are_json_lines_without_a_terminal(serve: Start) -> None:
    process, url = serve()
    httpx.get(f"{url}/healthz", headers={"x-request-id": "the-last"})
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in log_of(process).read().splitlines()]
    assert {"level", "logger", "message", "ms", "request", "status", "time"} <= lines[0].keys()
    assert lines[-1]["request"] == "the-last"


@pytest.mark.slow
def test_a_server_without_its_database_is_alive_but_not_ready(serve: Start) -> None:
    _, url = serve(NEWSGRAPH_MONGODB_URI=UNREACHABLE, NEWSGRAPH_TIMEOUT_S="2")
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert httpx.get(f"{url}/readyz").status_code == 503
    response = httpx.post(f"{url}/graphql", json={"query": "{ corpus { itemCount } }"}, timeout=15)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}


def test_an_address_in_use_is_reported_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = newsgraph("serve", "--port", str(taken.getsockname()[1]))
    assert command.returncode == 2
    assert "Choose another one with --host or --port" in command.stderr


def test_a_public_address_without_an_audience_is_refused_before_anything_starts() -> None:
    command = newsgraph("serve", "--host", "0.0.0.0")  # noqa: S104
    assert command.returncode == 2
    assert command.stderr.startswith("newsgraph: NEWSGRAPH_AUDIENCE is not set")
    assert list(Path.cwd().iterdir()) == []


def test_an_invalid_uri_is_reported_before_any_worker_starts() -> None:
    command = newsgraph(
        "serve", "--port", "0", "--workers", "2", "--mongodb-uri", "mongodb://a:b@c@d"
    )
    assert command.returncode == 2
    assert command.stderr.startswith("newsgraph: Invalid MongoDB URI: ")


def test_a_short_editor_token_is_logged_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.server.configure_logs", lambda *_: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1], editor_tokens=("short",))
        with pytest.raises(SettingsError, match="Cannot listen on"):
            run(settings)
    assert caplog.messages == [
        "NEWSGRAPH_EDITOR_TOKENS contains a short token; generate one with `openssl rand -hex 32`."
    ]
