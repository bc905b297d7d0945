"""A real replica set of three nodes on loopback, which can be killed, paused and restarted."""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from store.embedded.binary import find_mongod

NAME = "faults"
_WITHIN_S = 60.0
# Below the ports that systems use for outgoing connections.
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
        """Launch it unless it runs. Returns before it listens."""
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
        """Kill it as a power cut would, even while it is paused."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Stop it with its connections open, so that nothing answers on them."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Continue it after `pause`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def command(self, command: Mapping[str, object]) -> dict[str, Any]:
        """Run a command of `admin` on this node. Raises PyMongoError."""
        with MongoClient[dict[str, Any]](
            self.address, directConnection=True, serverSelectionTimeoutMS=1000
        ) as client:
            return client.admin.command(dict(command))


class ReplicaSet:
    """Three nodes, one of them the primary."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.uri = f"mongodb://{','.join(node.address for node in nodes)}/?replicaSet={NAME}"

    def primary(self) -> Node:
        """Return the primary, once there is one and the others are secondaries."""
        return _until(self._primary)

    def secondary(self) -> Node:
        """Return one of the secondaries."""
        primary = self.primary()
        return next(node for node in self.nodes if node is not primary)

    def step_down(self) -> None:
        """Make the primary a secondary for a minute, as operators do before maintenance."""
        self.primary().command({"replSetStepDown": 60})

    def _primary(self) -> Node | None:
        for node in self.nodes:
            with suppress(PyMongoError):
                members = node.command({"replSetGetStatus": 1})["members"]
                states = {member["name"]: member["stateStr"] for member in members}
                if states[node.address] == "PRIMARY" and set(states.values()) == _HEALTHY:
                    return node
        return None


_HEALTHY = {"PRIMARY", "SECONDARY"}


@contextmanager
def replica_set(folder: Path) -> Iterator[ReplicaSet]:
    """Run a replica set, with MongoDB's default timeouts, for the duration of the context."""
    nodes = [Node(folder / f"node{n}", port) for n, port in enumerate(_free_ports(3))]
    try:
        for node in nodes:
            node.start()
        # A single node elects itself at once; three that start together wait for a timeout.
        first = nodes[0]
        _until(lambda: _succeeds(first, {"replSetInitiate": _config(nodes[:1], version=1)}))
        _until(lambda: _succeeds(first, {"replSetReconfig": _config(nodes, 2), "force": True}))
        running = ReplicaSet(nodes)
        running.primary()
        yield running
    finally:
        for node in nodes:
            node.kill()


def _config(nodes: Sequence[Node], version: int) -> dict[str, object]:
    members = [{"_id": n, "host": node.address} for n, node in enumerate(nodes)]
    return {"_id": NAME, "version": version, "members": members}


def _succeeds(node: Node, command: Mapping[str, object]) -> bool:
    with suppress(PyMongoError):
        return bool(node.command(command)["ok"])
    return False


def _until(found: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + _WITHIN_S
    while not (result := found()):
        assert time.monotonic() < deadline, (
            f"the replica set was not healthy within {_WITHIN_S:g} s"
        )
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
