"""A user's thread that starts the server again when it has died."""

import errno
import logging
import threading
import time
from collections.abc import Callable
from typing import IO, Self

from store.embedded.errors import (
    DeletedFolder,
    EmbeddedServerError,
    MongodDied,
    MovedServer,
    UnusableFolder,
)
from store.embedded.folder import Folder
from store.embedded.keeping import kept
from store.embedded.locks import exclusive, is_same_file
from store.embedded.log import cause_of_death
from store.embedded.server import MIN_FREE_MB, free_mb, join, start

POLL_S = 0.5
TRIES = 5
WITHIN_S = 300.0
# This process, or the system, has used up something for now; the server may be well.
_PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}

log = logging.getLogger("newsgraph.embedded")


class Watch:
    """Looks after the server, and its keeper, for the duration of a `with` block.

    All users of a server watch it: the first that sees it dead starts it, the others join it. After
    `TRIES` deaths or failed starts within `WITHIN_S` seconds, or one with a cause that another try
    does not change, the server is lost: `on_loss` is called, and the block raises the reason.
    `on_restart` is called whenever this user has started it.
    """

    def __init__(
        self,
        folder: Folder,
        users: IO[str],
        uri: str,
        on_loss: Callable[[EmbeddedServerError], None],
        on_restart: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._users = users
        self._uri = uri
        self._on_loss = on_loss
        self._on_restart = on_restart
        self._loss: EmbeddedServerError | None = None
        self._tries: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch of mongod", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._loss:
            raise self._loss

    def _run(self) -> None:
        try:
            while not self._ended.wait(self._pause_s()):
                self._look()
        except EmbeddedServerError as error:
            self._loss = error
            self._on_loss(error)

    def _pause_s(self) -> float:
        self._tries = [at for at in self._tries if at > time.monotonic() - WITHIN_S]
        return POLL_S * 2.0 ** len(self._tries)

    def _look(self) -> None:
        """Start the server, or its keeper, if it is not running. Raises EmbeddedServerError."""
        folder = self._folder
        try:
            with exclusive(folder.start_lock):
                if not is_same_file(self._users, folder.users_lock):
                    raise DeletedFolder(folder.path)
                if self._ended.is_set():
                    return
                with kept(folder):
                    uri = join(folder) or self._start_again()
        except FileNotFoundError as error:
            raise DeletedFolder(folder.path) from error
        except OSError as error:
            if error.errno not in _PASSING:
                raise UnusableFolder(folder.path, error.strerror or str(error)) from error
            return
        if uri != self._uri:
            raise MovedServer(folder.path)

    def _start_again(self) -> str:
        """Start the server and return its URI, even if that fails and will be tried again."""
        cause = cause_of_death(self._folder.log)
        if "No space left" in cause and free_mb(self._folder) < MIN_FREE_MB:
            raise UnusableFolder(self._folder.path, cause)
        if len(self._tries) == TRIES:
            raise MongodDied(f"it died {TRIES} times; the last time, {cause}", self._folder.log)
        self._tries.append(time.monotonic())
        try:
            uri = start(self._folder)
        except MongodDied as error:
            log.warning("%s", error)
            return self._uri
        log.warning("The embedded MongoDB died: %s. It was started again.", cause)
        self._on_restart()
        return uri
