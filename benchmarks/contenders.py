"""The servers that the benchmarks compare: newsgraph, its peers and the floor, a process each."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.queries import QUERIES

HERE = Path(__file__).parent
PYTHON = sys.executable
UVICORN = [PYTHON, "-m", "uvicorn", "--log-level=warning", "--no-access-log", "--port={port}"]
NEWSGRAPH = [str(Path(PYTHON).with_name("newsgraph")), "serve", "--port={port}"]


@dataclass(frozen=True)
class Contender:
    """A server, and the names of the queries that it can answer."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    queries: tuple[str, ...] = tuple(QUERIES)


CONTENDERS = (
    Contender("newsgraph", tuple(NEWSGRAPH), (("NEWSGRAPH_CACHE_MB", "0"),)),
    Contender("newsgraph, response cache on", tuple(NEWSGRAPH), (("NEWSGRAPH_CACHE_MB", "64"),)),
    Contender(
        "newsgraph on graphql-core",
        tuple(NEWSGRAPH),
        (("NEWSGRAPH_CACHE_MB", "0"), ("NEWSGRAPH_EXECUTOR", "graphql-core")),
    ),
    Contender("plain Strawberry", (*UVICORN, "benchmarks.peers.plain_strawberry:app")),
    Contender("Mercurius", ("node", "server.js"), (("JIT", "0"),)),
    Contender("Mercurius with JIT", ("node", "server.js"), (("JIT", "1"),)),
    Contender(
        "floor, by hand",
        (*UVICORN, "benchmarks.peers.floor:app"),
        queries=("front page of 20", "front page of 100", "ids only"),
    ),
)


def contenders(only: str | None) -> Iterator[Contender]:
    """Yield newsgraph, and the contenders whose names contain `only` and that can run here."""
    for contender in CONTENDERS:
        if contender.command[0] == "node":
            if shutil.which("node") is None:
                continue
            if not (HERE / "peers/mercurius/node_modules").exists():
                subprocess.run(["npm", "ci"], cwd=HERE / "peers/mercurius", check=True)
        if only is None or only in contender.name or contender.name == "newsgraph":
            yield contender


BARE = Contender("a bare Starlette endpoint", (*UVICORN, "benchmarks.peers.bare:app"))
"""Responds with the bytes of the file in `BODY_FILE`."""


@contextmanager
def served(contender: Contender, uri: str, database: str = "bench") -> Iterator[tuple[int, int]]:
    """Run a contender for the duration of the context.

    Yields its port, and the id of the process that serves there.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    node = contender.command[0] == "node"
    environment = {
        **os.environ,
        "MONGODB_URI": uri,
        "DATABASE": database,
        "PORT": str(port),
        "NODE_ENV": "production",
        "NEWSGRAPH_MONGODB_URI": uri,
        "NEWSGRAPH_DATABASE": database,
        "NEWSGRAPH_AUDIENCE": "public",
        "NEWSGRAPH_SEARCH": "mongodb",  # the peers have no index beside it
        "NEWSGRAPH_TIMEOUT_S": "120",  # the peers have no time limit
        "NEWSGRAPH_LOG_LEVEL": "warning",  # the peers do not log requests
        **dict(contender.environment),
    }
    command = [part.format(port=port) for part in contender.command]
    folder = HERE / "peers/mercurius" if node else HERE.parent
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            wait_until_serving(port, process, contender.name)
            worker = serving_process(process.pid)
            stack.callback(kill, worker)
            yield port, worker
        except ServerDied:
            log.seek(0)
            raise SystemExit(f"{contender.name} did not start:\n{log.read().decode()}") from None
        finally:
            process.kill()  # without waiting for open requests
            process.wait()


class ServerDied(Exception):
    """A contender ended, or did not listen in time."""


def wait_until_serving(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a process responds. Raises ServerDied if it ends, or after a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerDied(name) from None
            time.sleep(0.05)
        else:
            return


def serving_process(server: int) -> int:
    """Return the process id of the only worker of a newsgraph server, or that of another server."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for child in children:
        if b"api.worker_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return server


def kill(pid: int) -> None:
    """End a process at once, if it still runs."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
