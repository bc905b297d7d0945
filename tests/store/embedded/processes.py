"""Processes that use an embedded server, and the server's own process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pymongo import MongoClient

from store.embedded import embedded_mongod

USE = """
import sys
from pathlib import Path
from store.embedded import embedded_mongod

with embedded_mongod(Path(sys.argv[1])) as uri:
    print(uri, flush=True)
    sys.stdin.read()
"""


class User:
    """A process that uses the server of a folder until told to leave."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def uri(self) -> str:
        """Wait until the process has the server, and return its URI."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Let the process end its use of the server."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def end(self, number: signal.Signals) -> None:
        """Send a signal to the process and everything on its terminal, as Ctrl-C does."""
        os.killpg(self.process.pid, number)
        self.process.communicate(timeout=60)


@contextmanager
def users(folder: Path, count: int) -> Iterator[list[User]]:
    """Start processes at once; kill them, and the server, in the end."""
    group = [User(folder) for _ in range(count)]
    try:
        yield group
    finally:
        for user in group:
            with suppress(ProcessLookupError):
                user.end(signal.SIGKILL)
        if server := server_of(folder):
            os.kill(server, signal.SIGKILL)


def start_and_stop(folder: Path) -> None:
    """Start the folder's server, and stop it."""
    with embedded_mongod(folder):
        pass


def server_of(folder: Path) -> int | None:
    """Return the process id of the folder's mongod; None if none is running."""
    pid = (folder / "mongodb/data/mongod.lock").read_text().strip()
    try:
        status = Path(f"/proc/{pid}/status").read_text() if pid else ""
    except OSError:  # it has ended, perhaps just now
        return None
    # A process stays listed, as a zombie, until its parent has read its status.
    return int(pid) if status and "\nState:\tZ" not in status else None


def keeper_of(folder: Path) -> int | None:
    """Return the process id of the folder's keeper; None if none is running."""
    mine = str(folder / "mongodb/start.lock").encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if mine in words and path.parent.joinpath("stat").read_text().split()[3] == "1":
                return int(path.parent.name)
    return None


def wait_until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def insert_and_count(uri: str) -> int:
    """Write a document, and return how many there are."""
    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=30_000) as client:
        client.test.visits.insert_one({})
        return client.test.visits.count_documents({})


def write_mongod(folder: Path, script: str) -> Path:
    """Write a shell script named `mongod` into the `bin` of a folder."""
    path = folder / "bin" / "mongod"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
