"""The follower of the search index, as the supervisor sees it: one process for each host."""

import asyncio
import logging
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import IO

from api.observability.logs import SERVER
from api.settings import Settings
from store.embedded.locks import try_lock_exclusive
from store.search.folder import SearchFolder
from store.search.status import Activity, FollowerStatus

_LOOK_EVERY_S = 0.5  # whether another server's follower has ended
_SETTLED_EVERY_S = 0.05
_STOP_WITHIN_S = 5
_STEADY_S = 60  # one that lived for so long did not die of what kills each one at once
_LONGEST_PAUSE_S = 5.0  # before one is started again that died soon, as the one before it

log = logging.getLogger(SERVER)


class SupervisedFollower:
    """Runs the follower, unless another server of this host does, and starts it again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = SearchFolder.of(settings.data_dir, settings.database)
        self._process: Process | None = None
        self._is_stopping = False

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
            self._process = process = await _start(self._settings, lock)
        # The lock is now that of the process alone, and free when it has ended.
        status = await process.wait()
        if not self._is_stopping:
            log.error("The follower of the search index ended with status %d", status)
        self._is_stopping = False

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
        if self._process is not None and self._process.returncode is None:
            self._is_stopping = True
            self._process.terminate()

    async def stop(self) -> None:
        """End the process, within five seconds."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_WITHIN_S)
            return
        process.kill()
        await process.wait()

    def _folder_lock(self) -> IO[str]:
        self._folder.make()
        return self._folder.lock.open("a")


async def _start(settings: Settings, lock: IO[str]) -> Process:
    process = await asyncio.create_subprocess_exec(
        # -P: a folder named `api` in the working directory must not be imported.
        *(sys.executable, "-P", "-m", "api.follower_main"),
        stdin=PIPE,
        pass_fds=[lock.fileno()],
        process_group=0,  # Ctrl+C reaches the supervisor only
    )
    assert process.stdin is not None  # noqa: S101 - for mypy: it is a pipe
    process.stdin.write(settings.model_dump_json().encode() + b"\n")
    return process
