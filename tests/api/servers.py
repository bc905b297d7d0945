"""Real servers as processes of a test; `serve` in conftest.py starts them."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import httpx

WITHIN_S = 60

Server = tuple[subprocess.Popen[str], str]
Start = Callable[..., Server]


_LINES: dict[int, list[str]] = {}


def lines_before(process: subprocess.Popen[str]) -> list[str]:
    """Return the lines of a server's log up to that which says that it listens."""
    return _LINES.setdefault(process.pid, [])


def log_of(process: subprocess.Popen[str]) -> IO[str]:
    """Return what the server writes to standard error."""
    assert process.stderr is not None
    return process.stderr


def until(condition: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    """Wait until a condition holds; a server that is not listening yet does not count."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(url: str, query: str) -> dict[str, Any]:
    """Return the response to a query."""
    result: dict[str, Any] = httpx.post(f"{url}/graphql", json={"query": query}).json()
    return result


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the process ids of a server's workers; only Linux lists them."""
    return children_of(process, "api.worker_main")


def children_of(process: subprocess.Popen[str], module: str) -> list[int]:
    """Return the ids of a server's processes that run a module; only Linux lists them."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [pid for pid in map(int, listed) if module.encode() in command_line(pid)]


def command_line(pid: int) -> bytes:
    """Return the command line of a process, empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""
