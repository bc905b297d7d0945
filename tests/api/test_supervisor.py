"""Workers that die, hang, or are replaced, in real servers. Covers `supervised`, too."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import COMMAND
from tests.api.servers import WITHIN_S, Start, ask, command_line, log_of, until, workers_of

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes in /proc"
)
# Imported by each process of the server. SIGUSR1 and SIGUSR2 stop the event loop of a worker: in
# Python, and in a function of the interpreter, where no other thread runs either.
HANGS = """
import signal, sys, unicodedata
def spin(*_):
    while True: pass
def normalize(*_):
    unicodedata.normalize("NFKC", "a" + "\\u0301\\u0316" * 3_000_000)
if "api.worker_main" in sys.orig_argv:
    signal.signal(signal.SIGUSR1, spin)
    signal.signal(signal.SIGUSR2, normalize)
"""


def records(process: subprocess.Popen[str]) -> list[dict[str, str]]:
    """Stop a server; return the rest of its log."""
    process.send_signal(signal.SIGTERM)
    read = [json.loads(line) for line in log_of(process)]
    assert process.wait(WITHIN_S) == 0
    return read


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_and_none_outlives_the_server(serve: Start) -> None:
    process, url = serve("--workers", "2")
    until(lambda: len(workers_of(process)) == 2)
    victim, other = workers_of(process)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(workers_of(process)) == 2 and victim not in workers_of(process))
    for _ in range(20):
        assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    last = workers_of(process)
    assert other in last
    process.send_signal(signal.SIGTERM)
    assert process.wait(WITHIN_S) == 0
    until(lambda: not any(b"api.worker_main" in command_line(pid) for pid in last))


@pytest.mark.slow
def test_sighup_replaces_every_worker_while_requests_are_served(serve: Start) -> None:
    # Nobody reads the log meanwhile, and a full pipe would stop the server.
    process, url = serve("--workers", "2", NEWSGRAPH_LOG_LEVEL="warning")
    until(lambda: len(workers_of(process)) == 2)
    old = set(workers_of(process))
    process.send_signal(signal.SIGHUP)
    while old & set(workers_of(process)):
        assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    until(lambda: len(workers_of(process)) == 2)


def test_workers_end_when_the_server_is_killed(serve: Start) -> None:
    process, _ = serve("--workers", "2")
    until(lambda: len(workers_of(process)) == 2)
    workers = workers_of(process)
    process.kill()
    until(lambda: not any(b"api.worker_main" in command_line(pid) for pid in workers))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hang", "where"), [(signal.SIGUSR1, "in spin"), (signal.SIGUSR2, "in normalize")]
)
def test_a_worker_that_hangs_is_replaced(
    serve: Start, tmp_path: Path, hang: signal.Signals, where: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HANGS)
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    process, url = serve(PYTHONPATH=paths)
    [victim] = workers_of(process)
    os.kill(victim, hang)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{url}/healthz", timeout=2)
    until(lambda: victim not in workers_of(process))
    until(lambda: httpx.get(f"{url}/healthz", timeout=5).status_code == 200)
    metrics = httpx.get(f"{url}/metrics").text
    assert 'newsgraph_worker_restarts_total{reason="hung"} 1.0' in metrics
    assert 'newsgraph_worker_restarts_total{reason="died"} 0.0' in metrics
    [record] = [record for record in records(process) if record["level"] == "error"]
    assert record["message"] == f"Worker 1 (process {victim}) did not respond for 8 s and was ended"
    assert where in record["stack"]


@pytest.mark.slow
def test_a_pause_of_the_whole_server_ends_no_worker(serve: Start) -> None:
    process, url = serve("--workers", "2")
    before = workers_of(process)
    for pid in (process.pid, *before):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(12)
    for pid in (process.pid, *before):
        os.kill(pid, signal.SIGCONT)
    time.sleep(3)
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert workers_of(process) == before


def test_a_worker_that_cannot_start_ends_the_server(serve: Start, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        'import sys\nif "api.worker_main" in sys.orig_argv: sys.exit("broken")\n'
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with pytest.raises(AssertionError, match="ended with status 1"):
        serve("--workers", "2", PYTHONPATH=paths)


def test_a_server_that_is_stopped_while_it_starts_ends_well(
    mongod: str, database_name: str
) -> None:
    variables = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env=os.environ | variables,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert "Starting newsgraph" in log_of(process).readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 0
        assert "no worker could start" not in log_of(process).read()


def test_a_hangup_replaces_the_only_worker_too(serve: Start) -> None:
    process, url = serve()
    [old] = workers_of(process)
    process.send_signal(signal.SIGHUP)
    messages = [json.loads(log_of(process).readline())["message"] for _ in range(2)]
    assert messages == ["SIGHUP: replacing the workers", "The workers have been replaced"]
    [new] = workers_of(process)
    assert new != old
    assert ask(url, "{ __typename }") == {"data": {"__typename": "Query"}}
    messages = [record["message"] for record in records(process)]
    assert messages[-2] == "SIGTERM: finishing the requests in flight, for at most 30 s"
    assert messages[-1].startswith("Stopped after ")


def test_the_stack_of_a_crash_is_logged(serve: Start) -> None:
    process, _ = serve()
    [victim] = workers_of(process)
    os.kill(victim, signal.SIGSEGV)
    until(lambda: workers_of(process) not in ([], [victim]))
    [crash, *_] = records(process)
    assert crash["message"] == f"Worker 1 (process {victim}) was ended by SIGSEGV"
    assert "Segmentation fault" in crash["stack"]
