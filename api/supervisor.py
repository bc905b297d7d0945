"""The supervisor: starts the workers and the follower, and replaces those that die or hang.

Each sends a beat every second from its event loop, so one whose process lives but whose loop is
stuck is noticed. The supervisor counts the seconds of silence by its own ticks and not by a
clock: when the whole machine is paused, it misses as many ticks as they miss beats.
"""

import asyncio
import logging
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine

from api.observability.logs import SERVER, STACK
from api.observability.processes import count_restart, forget_worker, show_restarts
from api.settings import Settings
from api.supervised import SHUTDOWN_S, SupervisedProcess
from api.supervised_follower import SupervisedFollower

_START_S = 60  # a worker that is not ready by then never will be
_HUNG_S = 8  # and two seconds for the replacement
_STOP_S = SHUTDOWN_S + 5
_STEADY_S = 60  # a worker that lived for so long did not die of what kills each one at once
_LONGEST_PAUSE_S = 5  # before a worker is replaced that died soon, as the one before it

log = logging.getLogger(SERVER)


class Supervisor:
    """Runs `settings.workers` worker processes, which accept connections from `listener`.

    `on_ready` is called once, when they accept connections for the first time. The `follower` of
    the search index runs beside them.
    """

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        on_ready: Callable[[], Awaitable[None]],
        follower: SupervisedFollower | None = None,
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._on_ready = on_ready
        self._follower = follower
        self._workers: dict[int, SupervisedProcess] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._was_ready = False
        self._cannot_start = False
        self._is_reloading = False
        self._quick_deaths = 0

    async def run(self) -> bool:
        """Serve until a signal; return False if the workers cannot start."""
        began = time.monotonic()
        self._handle_signals()
        show_restarts()
        if self._follower is not None:
            self._in_background(self._follower.run())
        workers = [await self._start() for _ in range(self._settings.workers)]
        self._in_background(self._announce(workers))
        self._in_background(self._tick())
        await self._stop.wait()
        await self._stop_workers()
        log.info("Stopped after %.0f s", time.monotonic() - began)
        return not self._cannot_start

    async def _stop_workers(self) -> None:
        self._listener.close()  # and so does each worker, so that new connections are refused
        for worker in self._workers.values():
            worker.stop()
        while self._workers:
            await asyncio.gather(*(worker.ended() for worker in self._workers.values()))
        for task in self._tasks:
            task.cancel()
        if self._follower is not None:
            await self._follower.stop()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            loop.add_signal_handler(number, self._on_stop, number)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            return  # started by nohup
        # A terminal sends it, too, when it is closed.
        on_hangup = self._on_stop if sys.stderr.isatty() else self._on_reload
        loop.add_signal_handler(signal.SIGHUP, on_hangup, signal.SIGHUP)

    def _on_stop(self, number: signal.Signals) -> None:
        if not self._stop.is_set():
            log.info(
                "%s: finishing the requests in flight, for at most %d s", number.name, SHUTDOWN_S
            )
            self._stop.set()
        elif number == signal.SIGINT:  # only people repeat themselves: timeout(1) sends two SIGTERM
            log.warning("SIGINT again: stopping at once")
            for worker in self._workers.values():
                worker.kill()

    def _on_reload(self, number: signal.Signals) -> None:
        if self._was_ready and not self._is_reloading and not self._stop.is_set():
            self._in_background(self._reload())
        else:
            log.warning("%s: ignored while workers are started or stopped", number.name)

    async def _reload(self) -> None:
        """Replace the workers one by one: each new one is ready before an old one stops."""
        self._is_reloading = True
        log.info("SIGHUP: replacing the workers")
        try:
            for old in list(self._workers.values()):
                new = await self._start()
                await new.settled()
                if not new.is_ready:
                    log.error("%s cannot start; %s keeps running, and the reload stops", new, old)
                    return
                old.stop()
                await old.ended()
                count_restart("reload")
            if self._follower is not None:
                self._follower.restart()
        finally:
            self._is_reloading = False
        log.info("The workers have been replaced")

    async def _start(self) -> SupervisedProcess:
        # Numbers are used again: they name files and series of the metrics.
        number = next(n for n in range(1, len(self._workers) + 2) if n not in self._workers)
        listener = self._listener.fileno()
        worker = await SupervisedProcess.start(
            f"Worker {number}", "api.worker_main", self._settings, (number, listener), (listener,)
        )
        self._workers[number] = worker
        if self._stop.is_set():  # meanwhile
            worker.stop()
        self._in_background(self._watch(number, worker))
        return worker

    async def _announce(self, workers: list[SupervisedProcess]) -> None:
        for worker in workers:
            await worker.settled()
        self._was_ready = any(worker.is_ready for worker in workers)
        if not self._was_ready:
            self._cannot_start = not self._stop.is_set()
            self._stop.set()
            return
        while self._needs_a_worker():
            await self._start()
        if not self._stop.is_set():
            await self._on_ready()

    async def _watch(self, number: int, worker: SupervisedProcess) -> None:
        """Wait until a worker has ended, and replace it unless it was told to stop."""
        await worker.ended()
        worker.close()
        del self._workers[number]
        forget_worker(number)
        if worker.is_stopping and not worker.is_hung:
            return
        stack = {STACK: worker.last_words} if worker.last_words else {}
        log.error("%s %s", worker, worker.how_it_ended(), extra=stack)
        if self._needs_a_worker() and not worker.is_stopping:
            await self._replace(worker)

    def _needs_a_worker(self) -> bool:
        # Those that never were ready end the server, or the reload.
        is_short = len(self._workers) < self._settings.workers
        return is_short and self._was_ready and not self._stop.is_set()

    async def _replace(self, worker: SupervisedProcess) -> None:
        count_restart("hung" if worker.is_hung else "died")
        self._quick_deaths = 0 if worker.age_s() > _STEADY_S else self._quick_deaths + 1
        await asyncio.sleep(min(max(self._quick_deaths - 1, 0), _LONGEST_PAUSE_S))
        if not self._stop.is_set():
            replacement = await self._start()
            log.info("%s starts in its place", replacement)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            for worker in self._workers.values():
                worker.tick(start_s=_START_S, hung_s=_HUNG_S, stop_s=_STOP_S)
            if self._follower is not None:
                self._follower.tick()

    def _in_background(self, coroutine: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
