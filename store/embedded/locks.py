"""File locks between processes, released when the file is closed or the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock exclusively; wait for it first."""
    with path.open("a") as file:  # "w" would write to the disk: it sets the time of change
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_shared(file: IO[str]) -> None:
    """Share the lock until the file is closed."""
    fcntl.flock(file, fcntl.LOCK_SH)


def try_lock_exclusive(file: IO[str]) -> bool:
    """Turn a shared lock into an exclusive one; return whether that succeeded.

    If another open file holds the lock, this one loses its share (flock(2): a conversion is not
    atomic).
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_same_file(file: IO[str], path: Path) -> bool:
    """Return whether an open file is still the one at `path`."""
    return os.path.samestat(os.fstat(file.fileno()), path.stat())
