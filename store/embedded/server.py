"""The server's process: join a running one, or start one."""

import errno
import logging
import re
import shutil
from dataclasses import replace

from pymongo.errors import PyMongoError

from store.embedded.binary import Mongod, find_mongod, series
from store.embedded.errors import (
    EmbeddedServerError,
    ForeignFolder,
    MongodDied,
    NoMemory,
    UnusableFolder,
)
from store.embedded.folder import Folder
from store.embedded.keeper import process_id, stop
from store.embedded.launch import (
    DATA_IN_USE,
    NEEDS_UPGRADE,
    PORT_TAKEN,
    LaunchFailed,
    free_port,
    launch,
)
from store.embedded.log import cause_of_death, first_error, trim
from store.embedded.setup import prepare, uri

ATTEMPTS = 3
MIN_FREE_MB = 300  # what an empty server takes, and room to load something

log = logging.getLogger("newsgraph.embedded")


def join(folder: Folder) -> str | None:
    """Return the URI of the server that is running and ready, without connecting; else None."""
    state = folder.state
    pid = process_id(folder.server_lock)
    if not (pid and state.ready and folder.has_secrets):
        return None
    trim(folder.log, pid)
    return uri(folder, state.port)


def start(folder: Folder) -> str:
    """Start a server, make it ready (a primary, with its user), and return its URI.

    A server that is already running is left over from an interrupted start, and is stopped first.
    """
    stop(folder.server_lock)
    _warn_of_full_disk(folder)
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
        if error.errno in (errno.ENOMEM, errno.EAGAIN):  # of starting a process
            raise NoMemory(error.strerror or str(error)) from error
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
            stop(folder.server_lock)
        else:
            return port
    raise failure


def free_mb(folder: Folder) -> int:
    """Return the free space of the folder's disk."""
    return shutil.disk_usage(folder.path).free // 2**20


def _warn_of_full_disk(folder: Folder) -> None:
    if (free := free_mb(folder)) < MIN_FREE_MB:
        log.warning(
            "Only %d MB are free on the disk of %s; the embedded MongoDB needs about %d MB.",
            free,
            folder.path,
            MIN_FREE_MB,
        )


def _explain(folder: Folder, mongod: Mongod, error: Exception) -> EmbeddedServerError:
    reason = first_error(folder.log)
    if not reason:
        has_died = folder.log.exists() and process_id(folder.server_lock) is None
        reason = cause_of_death(folder.log) if has_died else str(error)
    if re.search("No space left|Permission denied|Read-only file system", reason):
        return UnusableFolder(folder.path, reason)
    if re.search("allocate memory|[Oo]ut of memory|JS_Init", reason):
        return NoMemory(reason)
    made_by = folder.state.version
    foreign = made_by and series(made_by) != mongod.series
    if foreign or (isinstance(error, LaunchFailed) and error.status == NEEDS_UPGRADE):
        return ForeignFolder(folder.path, made_by, mongod.version, reason)
    return MongodDied(reason, folder.log)
