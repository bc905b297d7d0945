"""`serve` as a supervisor runs it: real processes, workers, signals, a real MongoDB."""

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest

from api.server import run
from api.settings import Settings, SettingsError
from loaders.load import load
from loaders.options import Options
from tests.api.conftest import UNREACHABLE, newsgraph
from tests.api.servers import WITHIN_S, Start, ask, lines_before, log_of, until

CONTENT = Path(__file__).parents[2] / "examples/content"


def test_a_finished_load_makes_every_worker_ready_and_is_shown_by_each(
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
    until(lambda: min(counts()) > 60)
    until(lambda: httpx.get(f"{url}/readyz").status_code == 200)


def test_sigterm_finishes_the_request_in_flight_and_exits_cleanly(serve: Start) -> None:
    process, url = serve()
    port = int(url.rpartition(":")[2])
    body = b'{"query": "{ __typename }"}'

    def is_closed() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return True
        return False

    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(
            b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n" % len(body)
        )
        assert client.recv(65536).startswith(b"HTTP/1.1 100 ")  # the request is being read
        process.send_signal(signal.SIGTERM)
        until(is_closed)
        client.sendall(body)
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in answer
    assert process.wait(WITHIN_S) == 0


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
    [request] = [line for line in lines if line["request"] == "the-last"]
    assert {"level", "logger", "message", "ms", "status", "time"} <= request.keys()
    assert lines[-1]["message"].startswith("Stopped after ")


@pytest.mark.slow
def test_a_server_without_its_database_is_alive_but_not_ready(serve: Start) -> None:
    _, url = serve(NEWSGRAPH_MONGODB_URI=UNREACHABLE, NEWSGRAPH_TIMEOUT_S="2")
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert httpx.get(f"{url}/readyz").status_code == 503
    response = httpx.post(f"{url}/graphql", json={"query": "{ corpus { itemCount } }"}, timeout=15)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}


def test_the_log_tells_what_is_served_and_that_nothing_is_loaded(
    serve: Start, database_name: str
) -> None:
    process, url = serve(NEWSGRAPH_EDITOR_TOKENS="a-token-that-nobody-knows", NEWSGRAPH_LOG="x")
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in (*lines_before(process), *log_of(process))]
    unknown, start, empty, listening, *_ = lines
    assert start["message"].startswith("Starting newsgraph ")
    assert start["settings"]["database"] == database_name
    assert start["settings"]["editor_tokens"] == "hidden"
    assert unknown["message"] == "NEWSGRAPH_LOG is not a setting, and has no effect."
    assert empty["message"] == "Nothing is loaded yet: run `newsgraph load PATH`."
    assert listening["message"].startswith("Serving 0 items (0 public) from 127.0.0.1:")
    assert listening["message"].endswith(f"; newsgraph is listening on {url}/graphql")


def test_all_addresses_are_those_of_ipv4_too(serve: Start) -> None:
    _, url = serve("--host", "::", NEWSGRAPH_AUDIENCE="public")
    port = url.rpartition(":")[2]
    for host in ("127.0.0.1", "[::1]"):
        assert httpx.get(f"http://{host}:{port}/healthz").status_code == 200


def test_rejected_credentials_are_named_at_the_start_and_by_readyz(
    serve: Start, mongod: str
) -> None:
    scheme, _, rest = mongod.partition("://")
    uri = f"{scheme}://nobody:wrong@{rest.rpartition('@')[2]}"
    process, url = serve(NEWSGRAPH_MONGODB_URI=uri)
    assert "MongoDB rejected the credentials" in httpx.get(f"{url}/readyz").json()["why"]
    process.send_signal(signal.SIGTERM)
    log = [json.loads(line) for line in (*lines_before(process), *log_of(process))]
    warnings = [record["message"] for record in log if record["level"] == "warning"]
    assert "MongoDB rejected the credentials" in warnings[0]
    assert "GET /readyz" in warnings


def test_an_address_in_use_is_reported_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = newsgraph("serve", "--port", str(taken.getsockname()[1]))
    assert command.returncode == 2
    assert "Choose another --port or --host" in command.stderr


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
