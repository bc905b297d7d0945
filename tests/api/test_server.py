"""The `newsgraph` command as a person or a supervisor runs it: real processes, a real MongoDB."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from loaders.load import load
from loaders.options import Options

CONTENT = Path(__file__).parents[2] / "examples/content"
COMMAND = [sys.executable, "-c", "from api.main import main; main()"]
WITHIN_S = 20
NOBODY = "mongodb://127.0.0.1:9"


def newsgraph(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def serve(mongod: str, database_name: str) -> Iterator[Callable[..., tuple[subprocess.Popen, str]]]:
    """Start servers of the test's database; give each process and its address."""
    started = []

    def start(*arguments: str, **variables: str) -> tuple[subprocess.Popen, str]:
        environment = {
            **os.environ,
            "NEWSGRAPH_MONGODB_URI": mongod,
            "NEWSGRAPH_DATABASE": database_name,
            **variables,
        }
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        line = process.stderr.readline()
        url = re.fullmatch(r"newsgraph answers at (http://.*)/graphql\n", line)
        assert url, line
        until(lambda: httpx.get(f"{url[1]}/healthz").status_code == 200)
        return process, url[1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(url: str, query: str) -> dict:
    return httpx.post(f"{url}/graphql", json={"query": query}).json()


def test_a_finished_load_makes_it_ready_and_shows_within_a_second_in_every_worker(
    serve, mongod, database_name
):
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


def test_sigterm_finishes_the_request_in_flight_and_then_exits_cleanly(serve):
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


def children(process: subprocess.Popen) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [pid for pid in map(int, listed) if b"spawn_main" in command_line(pid)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_a_worker_that_dies_is_replaced_and_none_outlives_the_server(serve):
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
def test_sighup_replaces_every_worker_while_requests_are_answered(serve):
    process, url = serve("--workers", "2")
    until(lambda: len(children(process)) == 2)
    old = set(children(process))
    process.send_signal(signal.SIGHUP)
    while old & set(children(process)):
        assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    until(lambda: len(children(process)) == 2)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_workers_end_when_the_server_is_killed(serve):
    process, _ = serve("--workers", "2")
    until(lambda: len(children(process)) == 2)
    workers = children(process)
    process.kill()
    until(lambda: not any(b"spawn_main" in command_line(pid) for pid in workers))


def test_metrics_are_those_of_all_workers_together(serve):
    _, url = serve("--workers", "2")
    for _ in range(30):
        ask(url, "query Counted { __typename }")
    line = 'newsgraph_operations_total{operation="Counted",outcome="ok"} 30.0'
    assert line in httpx.get(f"{url}/metrics").text


def test_logs_are_json_lines_where_nobody_watches(serve):
    process, url = serve()
    httpx.get(f"{url}/healthz", headers={"x-request-id": "the-last"})
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert {"level", "logger", "message", "ms", "request", "status", "time"} <= lines[0].keys()
    assert lines[-1]["request"] == "the-last"


@pytest.mark.slow
def test_a_server_without_its_database_is_alive_and_not_ready(serve):
    _, url = serve(NEWSGRAPH_MONGODB_URI=NOBODY, NEWSGRAPH_TIMEOUT_S="2")
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert httpx.get(f"{url}/readyz").status_code == 503
    response = httpx.post(f"{url}/graphql", json={"query": "{ corpus { itemCount } }"}, timeout=15)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}


def test_the_demo_serves_its_items_and_their_pictures(tmp_path):
    command = [*COMMAND, "demo", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stderr.readline(), process.stderr.readline()]
        url = re.fullmatch(r"newsgraph answers at (http://.*)/graphql\n", lines[-1])
        assert url, lines
        until(lambda: httpx.get(f"{url[1]}/readyz").status_code == 200)
        items = ask(url[1], "{ items(first: 50) { nodes { images { url } } } }")["data"]["items"]
        pictures = [image["url"] for item in items["nodes"] for image in item["images"]]
        local = [picture for picture in pictures if picture.startswith("/media/")]
        assert local
        for picture in local:
            response = httpx.get(url[1] + picture)
            assert response.status_code == 200, picture
            assert response.headers["content-type"].startswith("image/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 0


def test_an_address_in_use_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = newsgraph("serve", "--port", str(taken.getsockname()[1]))
    assert run.returncode == 2
    assert "Choose another with --port" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_server_for_others_says_what_to_choose_before_it_starts_anything():
    run = newsgraph("serve", "--host", "0.0.0.0")  # noqa: S104
    assert run.returncode == 2
    assert run.stderr.startswith("newsgraph: NEWSGRAPH_AUDIENCE is not set")
    assert "Traceback" not in run.stderr
    assert list(Path.cwd().iterdir()) == []


def test_a_uri_that_no_worker_could_use_is_a_sentence_before_any_starts():
    run = newsgraph("serve", "--port", "0", "--workers", "2", "--mongodb-uri", "mongodb://a:b@c@d")
    assert run.returncode == 2
    assert run.stderr.startswith("newsgraph: Invalid MongoDB URI: ")


def test_a_wrong_setting_is_a_sentence_and_exit_status_2():
    run = newsgraph("status", NEWSGRAPH_TIMEOUT_S="soon")
    assert run.returncode == 2
    assert run.stderr.startswith("newsgraph: NEWSGRAPH_TIMEOUT_S (it is 'soon')")


def test_status_tells_what_is_loaded_and_what_is_missing(mongod, database_name):
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    before = newsgraph("status", **variables)
    assert before.returncode == 0, before.stderr
    assert "nothing was loaded yet" in before.stdout
    assert "missing: items.list_newest" in before.stdout
    load([str(CONTENT)], uri=mongod, database=database_name, options=Options(jobs=1))
    after = newsgraph("status", **variables)
    assert re.search(r"^editor +\d\d+ items, \d+ providers, \d+ topics$", after.stdout, re.M)
    assert "indexes    all there" in after.stdout
    assert mongod not in after.stdout  # it has the password


def test_status_of_a_database_that_does_not_answer_is_a_sentence():
    run = newsgraph("status", NEWSGRAPH_MONGODB_URI=NOBODY, NEWSGRAPH_TIMEOUT_S="1")
    assert run.returncode == 1
    assert "newsgraph: MongoDB is not responding" in run.stderr


def test_schema_prints_the_schema():
    run = newsgraph("schema")
    assert "type Query {" in run.stdout


def test_help_lists_every_command_and_loading_one_loads_no_other():
    run = newsgraph("--help")
    for command in ("demo", "load", "check", "serve", "status", "schema"):
        assert re.search(rf"^  {command} +\w", run.stdout, re.M)
    code = """
import sys
from api.main import app
sys.argv[1:] = ["check", "--help"]
try:
    app()
except SystemExit:
    print([name for name in ("strawberry", "uvicorn", "pymongo") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
