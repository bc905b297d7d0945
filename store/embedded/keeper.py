"""The keeper: a process beside each mongod, which stops it when its last user is gone.

A command that ends stops the server itself. The keeper is for users that cannot: killed ones, and
those of a closed terminal. It runs as a script and imports only the standard library, so that it
takes little memory.
"""

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

POLL_S = 1.0  # between two looks at the users' lock
STOP_S = 20.0  # a server that has not ended this long after SIGTERM is killed


def keep(start_lock: Path, users_lock: Path, server_lock: Path, own_lock: int) -> None:
    """Wait until there are no users, then stop the server.

    As everywhere, the users' lock is tested under the start lock only. `own_lock` is the descriptor
    by which this process holds the keeper's lock: released under the start lock, so that the next
    user sees that it needs a new keeper. Raises OSError if the folder is gone.
    """
    idle = 0
    # A second look: a mongod launched by a killed process takes its lock only after a moment.
    while idle < 2:
        time.sleep(POLL_S)
        with start_lock.open("r+") as starting, users_lock.open("r+") as users:
            fcntl.flock(starting, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                idle = 0
                continue
            stop(server_lock)
            idle += 1
            if idle == 2:
                os.close(own_lock)


def stop(server_lock: Path) -> None:
    """Stop the server, if one is running, and wait until it has closed its files."""
    signals = iter((signal.SIGTERM, signal.SIGKILL))
    next_signal_at = 0.0
    while (pid := process_id(server_lock)) is not None:
        if time.monotonic() > next_signal_at and pid:
            with suppress(ProcessLookupError):
                os.kill(pid, next(signals, signal.SIGKILL))
            next_signal_at = time.monotonic() + STOP_S
        time.sleep(0.01)


def process_id(server_lock: Path) -> int | None:
    """Return the running server's process id, 0 if not yet written; None if none is running."""
    try:
        with server_lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except FileNotFoundError:
        pass
    return None


def main() -> None:
    """Keep the server whose three locks are the arguments; the fourth is `own_lock`."""
    start_lock, users_lock, server_lock = map(Path, sys.argv[1:4])
    if os.fork():
        return  # who started this waits for it, and never has to again
    with suppress(OSError):  # the folder was deleted; mongod ends when it finds its files gone
        keep(start_lock, users_lock, server_lock, int(sys.argv[4]))


if __name__ == "__main__":
    main()
