"""The follower of the search index, as the supervisor sees it: one process for each host."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import IO, Final

from api.observability.logs import SERVER, STACK
from api.settings import Settings
from api.supervised import SupervisedProcess
from store.embedded.locks import try_lock_exclusive
from store.search.folder import SearchFolder
from store.search.status import Activity, FollowerStatus

HUNG_S: Final = 20
"""Seconds without a beat before the follower is replaced: a commit on a slow disk may take some."""

_LOOK_EVERY_S = 0.5  # whether another server's follower has ended
_SETTLED_EVERY_S = 0.05
_START_S = 60
_STOP_WITHIN_S = 5
_STEADY_S = 60  # one that lived for so long did not die of what kills each one at once
_LONGEST_PAUSE_S = 5.0  # before one is started again that died soon, as the one before it

log = logging.getLogger(SERVER)


class SupervisedFollower:
    """Runs the follower, unless another server of this host does, and starts it again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = SearchFolder.of(settings.data_dir, settings.database)
        self._process: SupervisedProcess | None = None

    async def run(self) -> None:
        """Run it until cancelled: `stop` it then."""
        quick_deaths = 0
        while True:
            began = time.monotonic()
            try:
                await self._run_once()
            except OSError as error:
                log.error("The search index cannot be kept in %s: %s", self._folder.path, error)
            quick_deaths = 0 if time.monotonic() - began > _STEADY_S else quick_deaths + 1
            await asyncio.sleep(min(max(quick_deaths - 1, 0), _LONGEST_PAUSE_S))

    async def _run_once(self) -> None:
        """Run it, once no other server of this host does, until it ends. Raises OSError."""
        with self._folder_lock() as lock:
            while not try_lock_exclusive(lock):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(_LOOK_EVERY_S)
            self._folder.status.unlink(missing_ok=True)  # that of one that has ended
            process = await SupervisedProcess.start(
                "The follower of the search index",
                "api.follower_main",
                self._settings,
                inherits=[lock.fileno()],
            )
            self._process = process
        # The lock is now that of the process alone, and free when it has ended.
        await process.ended()
        self._process = None
        process.close()
        if process.is_hung or not process.is_stopping:
            stack = {STACK: process.last_words} if process.last_words else {}
            log.error("%s %s", process, process.how_it_ended(), extra=stack)

    def tick(self) -> None:
        """Count a second; end the process if it has been silent for too long."""
        if self._process is not None:
            self._process.tick(start_s=_START_S, hung_s=HUNG_S, stop_s=_STOP_WITHIN_S)

    async def settled(self, within_s: float) -> None:
        """Wait until the index is as new as the corpus, for so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not self._follows():  # noqa: ASYNC110 - another process writes the file
                    await asyncio.sleep(_SETTLED_EVERY_S)

    def _follows(self) -> bool:
        status = FollowerStatus.read(self._folder.status)
        return status is not None and status.activity is Activity.FOLLOWING

    def restart(self) -> None:
        """Run the code that is installed now."""
        if self._process is not None:
            self._process.stop()

    async def stop(self) -> None:
        """End the process, within five seconds."""
        process = self._process
        if process is None:
            return
        process.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.ended(), _STOP_WITHIN_S)
            return
        process.kill()
        await process.ended()

    def _folder_lock(self) -> IO[str]:
        self._folder.make()
        return self._folder.lock.open("a")
