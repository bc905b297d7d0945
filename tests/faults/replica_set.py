"""A real replica set of three on loopback, whose nodes can be killed, paused and brought back."""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from store.embedded.binary import find_mongod

NAME = "faults"
_WITHIN_S = 60.0
# Below the ports that systems hand out to outgoing connections, which could be in the way.
_PORTS = range(15_000, 20_000)

T = TypeVar("T")


class Node:
    """One mongod: 0.25 GB of cache, no password, its files in `folder`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it if it does not run; it listens some time after."""
        if self._process is not None:
            return
        self._folder.mkdir(exist_ok=True)
        command: list[str | Path] = [find_mongod().program, "--quiet", "--replSet", NAME]
        command += ["--dbpath", self._folder, "--logpath", self._folder.with_suffix(".log")]
        command += ["--port", str(self._port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
        command += ["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"]  # GB, MB
        command += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it as a power cut would, also while it is paused."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Make it silent: its connections stay open, and nothing answers on them."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on where it was."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def command(self, *command: Any, **more: Any) -> dict[str, Any]:
        """Ask this node alone. Raises PyMongoError."""
        with MongoClient[dict[str, Any]](
            self.address, directConnection=True, serverSelectionTimeoutMS=1000
        ) as client:
            return client.admin.command(*command, **more)


class ReplicaSet:
    """Three nodes, of which one is the primary."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.uri = f"mongodb://{','.join(node.address for node in nodes)}/?replicaSet={NAME}"

    def primary(self) -> Node:
        """Give the node that takes writes, once there is one and the others follow it."""
        return _until(self._primary)

    def secondary(self) -> Node:
        """Give one of the others."""
        primary = self.primary()
        return next(node for node in self.nodes if node is not primary)

    def step_down(self) -> None:
        """Make the primary a secondary for a minute: what an operator does before maintenance."""
        self.primary().command("replSetStepDown", 60)

    def _primary(self) -> Node | None:
        for node in self.nodes:
            with suppress(PyMongoError):
                members = node.command("replSetGetStatus")["members"]
                states = {member["name"]: member["stateStr"] for member in members}
                if states[node.address] == "PRIMARY" and set(states.values()) == _HEALTHY:
                    return node
        return None


_HEALTHY = {"PRIMARY", "SECONDARY"}


@contextmanager
def replica_set(folder: Path) -> Iterator[ReplicaSet]:
    """Run a replica set, with MongoDB's default times, until the end of the context."""
    nodes = [Node(folder / f"node{n}", port) for n, port in enumerate(_free_ports(3))]
    try:
        for node in nodes:
            node.start()
        # One node elects itself at once; three that start together wait for an election's timeout.
        _until(lambda: _answered(nodes[0], "replSetInitiate", _config(nodes[:1], version=1)))
        _until(lambda: _answered(nodes[0], "replSetReconfig", _config(nodes, 2), force=True))
        running = ReplicaSet(nodes)
        running.primary()
        yield running
    finally:
        for node in nodes:
            node.kill()


def _config(nodes: Sequence[Node], version: int) -> dict[str, Any]:
    members = [{"_id": n, "host": node.address} for n, node in enumerate(nodes)]
    return {"_id": NAME, "version": version, "members": members}


def _answered(node: Node, *command: Any, **more: Any) -> bool:
    with suppress(PyMongoError):
        return bool(node.command(*command, **more)["ok"])
    return False


def _until(found: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + _WITHIN_S
    while not (result := found()):
        assert time.monotonic() < deadline, f"the replica set was not well within {_WITHIN_S:g} s"
        time.sleep(0.1)
    return result


def _free_ports(count: int) -> list[int]:
    ports: list[int] = []
    for port in random.sample(_PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            ports.append(port)
        if len(ports) == count:
            break
    return ports
