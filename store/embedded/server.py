"""The life of the server's process: join the one that runs, start one, stop it."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pymongo.errors import PyMongoError

from store.embedded.binary import Mongod, find_mongod, series
from store.embedded.errors import (
    EmbeddedServerError,
    ForeignFolder,
    MongodDied,
    UnusableFolder,
)
from store.embedded.folder import Folder
from store.embedded.log import complaint, rotate, trim
from store.embedded.setup import REPLICA_SET, prepare, uri

# mongod's exit codes (src/mongo/util/exit_code.h).
NEEDS_UPGRADE, PORT_TAKEN, DATA_IN_USE = 62, 48, 100
ATTEMPTS = 3
START_S, STOP_S = 300, 20
PORTS = range(20000, 32000)


class _Failed(Exception):
    """Mongod ended with this status, having printed this."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        super().__init__(output)


def join(folder: Folder) -> str | None:
    """The URI of the server that runs and is ready, without a word to it; else None."""
    state = folder.state
    pid = _process(folder)
    if not (pid and state.ready):
        return None
    trim(folder.log, pid)
    return uri(folder, state.port)


def start(folder: Folder) -> str:
    """Start a server and make it ready: a primary, with its user.

    A server that is there already is left from a start cut short: it makes room.
    """
    stop(folder)
    new = not folder.server_lock.exists()
    mongod = find_mongod("" if new else folder.state.version)
    try:
        folder.make_secrets()
        if new:
            folder.write_state(replace(folder.state, version=mongod.version))
        port = _listen(mongod, folder)
        prepare(folder, port)
        folder.update(port=port, ready=True)
    except (_Failed, PyMongoError) as error:
        raise _explain(folder, mongod, error) from error
    except OSError as error:
        raise UnusableFolder(folder.path, error.strerror or str(error)) from error
    return uri(folder, port)


def _listen(mongod: Mongod, folder: Folder) -> int:
    """Launch the server; the port it listens on."""
    for _ in range(ATTEMPTS):
        port = _free_port(folder.state.port)
        folder.update(port=port, ready=False)
        try:
            _launch(mongod, folder, port)
        except _Failed as error:
            # Another program was quicker to take the port, or a launch whose process was killed
            # came to listen after all.
            if error.status not in (PORT_TAKEN, DATA_IN_USE):
                raise
            failure = error
            stop(folder)
        else:
            return port
    raise failure


def _explain(folder: Folder, mongod: Mongod, error: Exception) -> EmbeddedServerError:
    reason = complaint(folder.log) or str(error)
    if "No space left" in reason:
        return UnusableFolder(folder.path, reason)
    made_by = folder.state.version
    foreign = made_by and series(made_by) != mongod.series
    if foreign or (isinstance(error, _Failed) and error.status == NEEDS_UPGRADE):
        return ForeignFolder(folder.path, made_by, mongod.version, reason)
    return MongodDied(reason, folder.log)


def stop(folder: Folder) -> None:
    """End the server, if one runs, and wait until it has let go of its files."""
    signals = iter((signal.SIGTERM, signal.SIGKILL))
    patience = 0.0
    while (pid := _process(folder)) is not None:
        if time.monotonic() > patience and pid:
            with suppress(ProcessLookupError):
                os.kill(pid, next(signals, signal.SIGKILL))
            patience = time.monotonic() + STOP_S
        time.sleep(0.01)


def _process(folder: Folder) -> int | None:
    """The id of the running server's process: 0 if it has yet to write it, None if none runs."""
    try:
        with folder.server_lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except FileNotFoundError:
        pass
    return None


def _launch(mongod: Mongod, folder: Folder, port: int) -> None:
    """Run mongod until it listens. Raises `_Failed`.

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
        raise _Failed(0, f"it did not listen within {START_S} s") from error
    if done.returncode != 0:
        raise _Failed(done.returncode, done.stdout.strip())


def _free_port(wanted: int) -> int:
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
    raise _Failed(PORT_TAKEN, "there is no free port on 127.0.0.1")
