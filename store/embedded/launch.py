"""Launching mongod: its options and its port."""

import random
import socket
import subprocess
import time
from pathlib import Path

from store.embedded.binary import Mongod, environment
from store.embedded.folder import Folder
from store.embedded.log import rotate
from store.embedded.setup import REPLICA_SET
from store.memory import default_cache_mb

# mongod's exit codes (src/mongo/util/exit_code.h).
PORT_TAKEN, NEEDS_UPGRADE, DATA_IN_USE = 48, 62, 100
START_S = 300  # after a crash it first replays its journal
PORTS = range(20000, 32000)


class LaunchFailed(Exception):
    """Mongod exited with `status`; the message is its output."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        super().__init__(output)


def launch(mongod: Mongod, folder: Folder, port: int) -> None:
    """Run mongod and wait until it listens. Raises `LaunchFailed`.

    `--fork` makes it a daemon in a new session: neither Ctrl-C in a terminal nor the death of the
    process that started it takes the server from its other users.
    """
    rotate(folder.log)
    command: list[str | Path] = [mongod.program, "--fork", "--quiet"]
    command += ["--dbpath", folder.data, "--logpath", folder.log, "--logappend"]
    command += ["--logRotate", "reopen"]
    command += ["--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
    command += ["--replSet", REPLICA_SET, "--keyFile", folder.key]
    cache_gb = (folder.cache_mb or default_cache_mb()) / 1024
    command += ["--wiredTigerCacheSizeGB", f"{cache_gb:.3f}", "--oplogSize", "256"]  # GB, MB
    command += ["--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=16MB)"]
    command += ["--slowms", "1000"]
    for parameter in (
        "diagnosticDataCollectionEnabled=false",
        # Setup authenticates with the key, so nobody needs access without a password.
        "enableLocalhostAuthBypass=false",
        # No other member could take over.
        "shutdownTimeoutMillisForSignaledShutdown=0",
    ):
        command += ["--setParameter", parameter]
    with subprocess.Popen(  # noqa: S603 - a mongod found on this system
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder.path,
        env=environment(),
        umask=0o077,
        # Before it is a daemon, too, it gets no Ctrl-C. If this process does, the block's end waits
        # until mongod listens, when it can be stopped.
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=START_S)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise LaunchFailed(0, f"it did not listen within {START_S} s") from error
    if process.returncode != 0:
        raise LaunchFailed(process.returncode, output.strip())


def free_port(preferred: int) -> int:
    """Return a free port: `preferred` if possible, so that clients find the server again.

    Other ports are below those that systems use for outgoing connections, which could take them.
    Raises `LaunchFailed`.
    """
    if preferred and _is_free_soon(preferred):
        return preferred
    for port in random.sample(PORTS, 100):
        if _is_free(port):
            return port
    raise LaunchFailed(PORT_TAKEN, "there is no free port on 127.0.0.1")


def _is_free_soon(port: int) -> bool:
    """Return whether a port becomes free within 0.2 s: its last connection may still be closing."""
    for _ in range(20):
        if _is_free(port):
            return True
        time.sleep(0.01)
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As mongod does: closed connections do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
