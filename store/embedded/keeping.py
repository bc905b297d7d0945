"""Making sure that a server has its keeper."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from store.embedded import keeper
from store.embedded.binary import environment
from store.embedded.folder import Folder
from store.embedded.locks import try_lock_exclusive


@contextmanager
def kept(folder: Folder) -> Iterator[None]:
    """Start a keeper if there is none; do so under the start lock, before starting a server.

    The keeper inherits its lock, so it has it from its first moment to its last. It detaches itself
    from this process, which the end of the block waits for. Raises OSError.
    """
    with folder.keeper_lock.open("a") as lock:
        if not try_lock_exclusive(lock):
            yield
            return
        locks = [folder.start_lock, folder.users_lock, folder.server_lock]
        with subprocess.Popen(  # noqa: S603 - this Python
            # -I and -S: with nothing but the standard library, it starts in 20 ms.
            [sys.executable, "-IS", keeper.__file__, *locks, str(lock.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment(),
            pass_fds=[lock.fileno()],
            # Signals that end this process, or come from its terminal, do not reach the keeper.
            start_new_session=True,
        ):
            yield
