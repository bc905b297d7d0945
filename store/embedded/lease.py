"""Sharing one server among processes: the first user starts it, the last one stops it.

Each user holds a shared lock for as long as it needs the server. The kernel drops the lock of a
process that dies, so a user that can get the lock exclusively when it leaves is the last one, and
the keeper that can get it knows that all users are gone. Starting and stopping, and looking whether
there is a server or a user, happen under a second lock, one process at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from store.embedded.errors import EmbeddedServerError, UnusableFolder
from store.embedded.folder import Folder
from store.embedded.keeper import stop
from store.embedded.keeping import kept
from store.embedded.locks import exclusive, is_same_file, lock_shared, try_lock_exclusive
from store.embedded.server import join, start
from store.embedded.watch import Watch


def _ignore(*_: EmbeddedServerError) -> None:
    pass


@contextmanager
def embedded_mongod(
    data_dir: Path,
    on_loss: Callable[[EmbeddedServerError], None] = _ignore,
    on_restart: Callable[[], None] = _ignore,
    *,
    cache_mb: int | None = None,
) -> Iterator[str]:
    """Yield the URI, credentials included, of the server whose data is in `data_dir`.

    `cache_mb` is the size of its cache, from 256, if this process is the one that starts it; unset,
    it depends on the memory (`store.memory`).

    Safe in any number of processes and threads at once. The server is a replica set, so change
    streams work. A server that dies is started again by one of its users, which then calls its
    `on_restart`. If that is impossible, `on_loss` is called with the reason, and the `with` block
    raises it at its end, whatever ended it. Both are called in another thread.
    Raises `EmbeddedServerError`.
    """
    folder = Folder.at(data_dir, cache_mb)
    with folder.users_lock.open("a") as users:
        try:
            uri = _join_or_start(folder, users)
            with Watch(folder, users, uri, on_loss, on_restart):
                yield uri
        finally:
            # The folder may have been deleted meanwhile, and made again by other users. If it is
            # there and cannot be read, the start failed with that reason.
            with suppress(OSError), exclusive(folder.start_lock):
                if try_lock_exclusive(users) and is_same_file(users, folder.users_lock):
                    stop(folder.server_lock)


def _join_or_start(folder: Folder, users: IO[str]) -> str:
    try:
        with exclusive(folder.start_lock):
            lock_shared(users)
            with kept(folder):
                return join(folder) or start(folder)
    except OSError as error:
        raise UnusableFolder(folder.path, error.strerror or str(error)) from error
