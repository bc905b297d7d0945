"""The life of the server's process: join the one that runs, start one, stop it."""

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
from store.embedded.log import complaint, trim
from store.embedded.setup import prepare, uri

ATTEMPTS = 3
STOP_S = 20


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
    except (LaunchFailed, PyMongoError) as error:
        raise _explain(folder, mongod, error) from error
    except OSError as error:
        raise UnusableFolder(folder.path, error.strerror or str(error)) from error
    return uri(folder, port)


def _listen(mongod: Mongod, folder: Folder) -> int:
    """Launch the server; the port it listens on."""
    for _ in range(ATTEMPTS):
        port = free_port(folder.state.port)
        folder.update(port=port, ready=False)
        try:
            launch(mongod, folder, port)
        except LaunchFailed as error:
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
    if foreign or (isinstance(error, LaunchFailed) and error.status == NEEDS_UPGRADE):
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
