"""Sharing one server among processes: who comes first starts it, who leaves last stops it.

Each user holds a shared lock for as long as it needs the server. The kernel drops the lock of a
process that dies, so whoever gets the lock exclusively on the way out is the last one, whatever
became of the others. Starting and stopping happen under a second lock, one process at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.embedded.folder import Folder
from store.embedded.locks import exclusive, hold, is_at, sole
from store.embedded.server import join, start, stop


@contextmanager
def embedded_mongod(data_dir: Path) -> Iterator[str]:
    """Yield a URI, credentials included, of the server whose data lies in `data_dir`.

    Safe in any number of processes and threads at once. The URI serves PyMongo's synchronous and
    asynchronous clients, and change streams. Raises `EmbeddedServerError` with the remedy.
    """
    folder = Folder.at(data_dir)
    with folder.users_lock.open("w") as users:
        try:
            with exclusive(folder.start_lock):
                hold(users)
                uri = join(folder) or start(folder)
            yield uri
        finally:
            # Somebody may have deleted the folder, and it may be there again with other users.
            with suppress(FileNotFoundError), exclusive(folder.start_lock):
                if sole(users) and is_at(users, folder.users_lock):
                    stop(folder)
