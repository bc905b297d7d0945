"""What each worker process runs: settings from the environment, a store, the application."""

import asyncio
import gc
import multiprocessing
import os
import signal

from starlette.applications import Starlette

from api.app import create_app
from api.observability.logs import configure_logs
from api.observability.metrics import count_command
from api.protocol import GuardedProtocol, raise_descriptor_limit
from api.settings import load_settings
from store.monitoring import observe_commands
from store.reading.store import Store


def make_app() -> Starlette:
    """Make the application; NEWSGRAPH_MONGODB_URI has to be set by now."""
    settings = load_settings()
    configure_logs(settings)
    GuardedProtocol.max_connections = raise_descriptor_limit()
    if settings.mongodb_uri is None:
        raise RuntimeError("the process that starts workers says where MongoDB is")
    observe_commands(count_command)
    _stop_with_parent()
    # Half of a request's time for one call: when no server is there, the driver takes all of it to
    # find that out, and the answer that says so has to be out before the request's deadline.
    store = Store.connect(settings.mongodb_uri, settings.database, timeout_s=settings.timeout_s / 2)
    app = create_app(settings, store)
    _spare_the_collector()
    return app


def _spare_the_collector() -> None:
    """Keep garbage collection from what lives as long as the process: 5 % of a front page's time.

    Requests leave no cycles behind, so it may also come seldom: with 64 of them under way it would
    look at each one's documents again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _stop_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_reader(parent.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, stop)
