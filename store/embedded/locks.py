"""File locks between processes. They belong to the open file: closing it, or dying, frees them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait for the lock, and have it alone."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def hold(file: IO[str]) -> None:
    """Share the lock until the file is closed."""
    fcntl.flock(file, fcntl.LOCK_SH)


def sole(file: IO[str]) -> bool:
    """Whether no other open file holds the lock; this one then has it exclusively.

    When another does, this one loses its share (flock(2): a conversion is not atomic).
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_at(file: IO[str], path: Path) -> bool:
    """Whether the open file is the one at `path`, and not one that was there before."""
    return os.path.samestat(os.fstat(file.fileno()), path.stat())
