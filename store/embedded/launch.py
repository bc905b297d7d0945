"""Launching mongod: its options, and the port it listens on."""

import os
import random
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from store.embedded.binary import Mongod
from store.embedded.folder import Folder
from store.embedded.log import rotate
from store.embedded.setup import REPLICA_SET

# mongod's exit codes (src/mongo/util/exit_code.h).
PORT_TAKEN, NEEDS_UPGRADE, DATA_IN_USE = 48, 62, 100
START_S = 300  # after a crash it first replays its journal
PORTS = range(20000, 32000)


class LaunchFailed(Exception):
    """Mongod ended with this status, having printed this."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        super().__init__(output)


def launch(mongod: Mongod, folder: Folder, port: int) -> None:
    """Run mongod until it listens. Raises `LaunchFailed`.

    `--fork` makes it a daemon: in a session of its own, so that neither Ctrl-C in a terminal nor
    the death of the process that started it takes it from the others.
    """
    rotate(folder.log)
    command: list[str | Path] = [mongod.program, "--fork", "--quiet"]
    command += ["--dbpath", folder.data, "--logpath", folder.log, "--logappend"]
    command += ["--logRotate", "reopen"]
    command += ["--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
    command += ["--replSet", REPLICA_SET, "--keyFile", folder.key]
    # Small: it shares its machine with a browser and an editor, and is not there to be benchmarked.
    command += ["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256"]  # GB, MB
    command += ["--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=16MB)"]
    command += ["--slowms", "1000"]
    for parameter in (
        "diagnosticDataCollectionEnabled=false",
        # We come in with the key, so nobody ever needs to come in without.
        "enableLocalhostAuthBypass=false",
        # There is no other member that could take over.
        "shutdownTimeoutMillisForSignaledShutdown=0",
    ):
        command += ["--setParameter", parameter]
    try:
        done = subprocess.run(  # noqa: S603 - a program that we found, and our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder.path,
            # mongod refuses to start in a locale that this system does not have.
            env=os.environ | {"LC_ALL": "C"},
            umask=0o077,
            timeout=START_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LaunchFailed(0, f"it did not listen within {START_S} s") from error
    if done.returncode != 0:
        raise LaunchFailed(done.returncode, done.stdout.strip())


def free_port(wanted: int) -> int:
    """`wanted` if it is free, so that clients find the server again; else another.

    Below the range that systems hand out to outgoing connections, which could be in the way.
    """
    # A connection to the server before is still being closed: that takes some milliseconds.
    for port in [wanted] * 20 * bool(wanted) + random.sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            # As mongod does: connections of the past are not in the way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
        if port == wanted:
            time.sleep(0.01)
    raise LaunchFailed(PORT_TAKEN, "there is no free port on 127.0.0.1")
