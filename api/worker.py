"""What a worker process does: it serves the application on uvicorn, uvloop and httptools."""

import asyncio
import gc
import os
import signal
import socket
import sys
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from api.app import create_app
from api.clock import ClockTask
from api.observability.metrics import count_call
from api.observability.processes import ProcessMetrics
from api.protocol.connection import GuardedProtocol
from api.protocol.descriptors import raise_descriptor_limit
from api.settings import Settings
from api.supervised import BEAT, SHUTDOWN_S
from store.monitoring import observe_calls
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from store.writing.clock import SharedClock

_KEEP_ALIVE_S = 20  # longer than from one click to the next, shorter than proxies wait
_TICKS_PER_S = 10  # how often uvicorn calls `on_tick`


class BeatingServer(uvicorn.Server):
    """A server that writes a beat into a pipe every second, from its event loop.

    The first one follows when it accepts connections. See `api.supervised`.
    """

    def __init__(self, config: uvicorn.Config, pipe: int, metrics: ProcessMetrics) -> None:
        super().__init__(config)
        self._pipe = pipe
        self._metrics = metrics

    @override
    async def on_tick(self, counter: int) -> bool:
        """Beat; uvicorn calls this ten times a second."""
        if counter % _TICKS_PER_S == 0:
            with suppress(BlockingIOError, BrokenPipeError):
                os.write(self._pipe, BEAT)
            self._metrics.update(len(self.server_state.connections))
        return await super().on_tick(counter)


def serve(settings: Settings, listener: socket.socket, number: int, pipe: int) -> None:
    """Serve until SIGTERM, as the worker of this number; `pipe` leads to the supervisor."""

    def application() -> Starlette:
        _stop_with_supervisor()
        return start_worker(settings)

    config = uvicorn.Config(
        application,
        factory=True,
        loop="auto",
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    BeatingServer(config, pipe, ProcessMetrics(number)).run(sockets=[listener])


def start_worker(settings: Settings) -> Starlette:
    """Set this process up and return the application that it serves.

    `settings.mongodb_uri` must be set: the embedded server is the supervisor's.
    """
    GuardedProtocol.max_connections = raise_descriptor_limit()
    if settings.mongodb_uri is None:
        raise RuntimeError("mongodb_uri is not set")
    watch = CorpusWatch(settings.mongodb_uri, settings.database)
    clock = SharedClock.connect(
        settings.mongodb_uri, settings.database, shows_future=settings.shows_future
    )
    observe_calls(count_call)
    # Half of a request's time for one call: without a server, the driver uses all of it before it
    # fails, and the response that reports that must be out before the request's deadline.
    store = Store.connect(
        settings.mongodb_uri,
        settings.database,
        timeout_s=settings.timeout_s / 2,
        text=settings.text_index,
    )
    app = create_app(settings, store, watch, ClockTask(clock.tick, clock.close, gate=store).running)
    _tune_garbage_collection()
    return app


def _tune_garbage_collection() -> None:
    """Exclude objects that live as long as the process: that saves 5 % of a front page's time.

    Requests leave no cycles behind, so collections can also be rare: with 64 requests in flight,
    each collection would traverse all their documents.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _stop_with_supervisor() -> None:
    """Terminate this process when standard input ends, which it does with the supervisor."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_reader(sys.stdin)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(sys.stdin, stop)
