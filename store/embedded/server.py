"""The server's process: join a running one, start one, stop it."""

import fcntl
import os
import signal
import time
from contextlib import suppress
from dataclasses import replace

from pymongo.errors import PyMongoError

from store.embedded.binary import Mongod, find_mongod, series
from store.embedded.errors import (
    EmbeddedServerError,
    ForeignFolder,
    MongodDied,
    UnusableFolder,
)
from store.embedded.folder import Folder
from store.embedded.launch import (
    DATA_IN_USE,
    NEEDS_UPGRADE,
    PORT_TAKEN,
    LaunchFailed,
    free_port,
    launch,
)
from store.embedded.log import first_error, trim
from store.embedded.setup import prepare, uri

ATTEMPTS = 3
STOP_S = 20


def join(folder: Folder) -> str | None:
    """Return the URI of the server that is running and ready, without connecting; else None."""
    state = folder.state
    pid = _process_id(folder)
    if not (pid and state.ready):
        return None
    trim(folder.log, pid)
    return uri(folder, state.port)


def start(folder: Folder) -> str:
    """Start a server, make it ready (a primary, with its user), and return its URI.

    A server that is already running is left over from an interrupted start, and is stopped first.
    """
    stop(folder)
    new = not folder.server_lock.exists()
    mongod = find_mongod("" if new else folder.state.version)
    try:
        folder.make_secrets()
        if new:
            folder.write_state(replace(folder.state, version=mongod.version))
        port = _launch_on_free_port(mongod, folder)
        prepare(folder, port)
        folder.update(port=port, ready=True)
    except (LaunchFailed, PyMongoError) as error:
        raise _explain(folder, mongod, error) from error
    except OSError as error:
        raise UnusableFolder(folder.path, error.strerror or str(error)) from error
    return uri(folder, port)


def _launch_on_free_port(mongod: Mongod, folder: Folder) -> int:
    """Launch the server, and return the port it listens on."""
    for _ in range(ATTEMPTS):
        port = free_port(folder.state.port)
        folder.update(port=port, ready=False)
        try:
            launch(mongod, folder, port)
        except LaunchFailed as error:
            # Another program took the port first, or a server launched by a killed process is
            # only now listening.
            if error.status not in (PORT_TAKEN, DATA_IN_USE):
                raise
            failure = error
            stop(folder)
        else:
            return port
    raise failure


def _explain(folder: Folder, mongod: Mongod, error: Exception) -> EmbeddedServerError:
    reason = first_error(folder.log) or str(error)
    if "No space left" in reason:
        return UnusableFolder(folder.path, reason)
    made_by = folder.state.version
    foreign = made_by and series(made_by) != mongod.series
    if foreign or (isinstance(error, LaunchFailed) and error.status == NEEDS_UPGRADE):
        return ForeignFolder(folder.path, made_by, mongod.version, reason)
    return MongodDied(reason, folder.log)


def stop(folder: Folder) -> None:
    """Stop the server, if one is running, and wait until it has closed its files."""
    signals = iter((signal.SIGTERM, signal.SIGKILL))
    next_signal_at = 0.0
    while (pid := _process_id(folder)) is not None:
        if time.monotonic() > next_signal_at and pid:
            with suppress(ProcessLookupError):
                os.kill(pid, next(signals, signal.SIGKILL))
            next_signal_at = time.monotonic() + STOP_S
        time.sleep(0.01)


def _process_id(folder: Folder) -> int | None:
    """Return the running server's process id, 0 if not yet written; None if none is running."""
    try:
        with folder.server_lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except FileNotFoundError:
        pass
    return None
