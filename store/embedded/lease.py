"""Sharing one server among processes: the first user starts it, the last one stops it.

Each user holds a shared lock for as long as it needs the server. The kernel drops the lock of a
process that dies, so a user that can get the lock exclusively when it leaves is the last one.
Starting and stopping happen under a second lock, one process at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.embedded.folder import Folder
from store.embedded.locks import exclusive, is_same_file, lock_shared, try_lock_exclusive
from store.embedded.server import join, start, stop


@contextmanager
def embedded_mongod(data_dir: Path) -> Iterator[str]:
    """Yield the URI, credentials included, of the server whose data is in `data_dir`.

    Safe in any number of processes and threads at once. The server is a replica set, so change
    streams work. Raises `EmbeddedServerError`.
    """
    folder = Folder.at(data_dir)
    with folder.users_lock.open("w") as users:
        try:
            with exclusive(folder.start_lock):
                lock_shared(users)
                uri = join(folder) or start(folder)
            yield uri
        finally:
            # The folder may have been deleted meanwhile, and made again by other users.
            with suppress(FileNotFoundError), exclusive(folder.start_lock):
                if try_lock_exclusive(users) and is_same_file(users, folder.users_lock):
                    stop(folder)
