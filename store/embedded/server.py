"""The life of the server's process: join the one that runs, start one, stop it."""

import fcntl
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from store.embedded.binary import Mongod, find_mongod, series
from store.embedded.errors import ForeignFolder, MongodDied, UnusableFolder
from store.embedded.folder import Folder, State
from store.embedded.log import complaint, rotate, trim
from store.embedded.setup import REPLICA_SET, prepare, uri

# mongod's exit codes (src/mongo/util/exit_code.h).
NEEDS_UPGRADE, PORT_TAKEN, DATA_IN_USE = 62, 48, 100
START_S, STOP_S = 300, 20


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
    mongod = find_mongod(folder.state.version)
    if new:
        folder.write_state(State(folder.state.port, version=mongod.version))
    for _ in range(3):
        port = _free_port(folder.state.port)
        folder.update_state(port=port, ready=False)
        status, output = _launch(mongod, folder, port)
        if status == 0:
            prepare(folder, port)
            folder.update_state(port=port, ready=True)
            return uri(folder, port)
        if status not in (PORT_TAKEN, DATA_IN_USE):
            break
        # Another program took the port first, or a server whose starter was killed the data.
        stop(folder)
    reason = complaint(folder.log) or output
    if "No space left" in reason:
        raise UnusableFolder(folder.path, reason)
    made_by = folder.state.version
    if status == NEEDS_UPGRADE or series(made_by) != mongod.series:
        raise ForeignFolder(folder.path, made_by, mongod.version, reason)
    raise MongodDied(reason, folder.log)


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


def _launch(mongod: Mongod, folder: Folder, port: int) -> tuple[int, str]:
    """Run mongod until it listens; its exit status and what it printed.

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
    done = subprocess.run(  # noqa: S603 - a program that we found, and our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder.path,
        umask=0o077,
        timeout=START_S,
        check=False,
    )
    return done.returncode, done.stdout.strip()


def _free_port(wanted: int) -> int:
    """`wanted` if nothing listens there, else one that the system picks."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
