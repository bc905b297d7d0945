"""Running the web application: uvicorn on uvloop and httptools, in one process or several."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from api.logs import configure_logs
from api.protocol import GuardedProtocol
from api.settings import PREFIX, Settings
from store.embedded import embedded_mongod

_SHUTDOWN_S = 30  # what a request in flight may still take when the server is told to stop
_KEEP_ALIVE_S = 20  # longer than a person's click to the next, shorter than proxies give up
# Workers have to find out whether the parent, who answers nothing, still hears them.
_WORKER_HEALTH_S = 10


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight."""
    _ = settings.anonymous_audience  # before any process starts: refuse what is not safe
    configure_logs(settings)
    # uvicorn raises the signal again when it is done: leave by way of our `finally` clauses.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        settings = stack.enter_context(database(settings))
        if settings.workers > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _hand_down(settings)
        _serve(settings)


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Give settings with the address of a MongoDB: the one that is set, or the embedded one."""
    if settings.mongodb_uri is not None:
        yield settings
        return
    with embedded_mongod(settings.data_dir) as uri:
        yield settings.model_copy(update={"mongodb_uri": uri})


def _serve(settings: Settings) -> None:
    config = uvicorn.Config(
        "api.worker:make_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="auto",
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        # Nothing here reads the caller's address or scheme, so no proxy has to be believed.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_SHUTDOWN_S,
        timeout_worker_healthcheck=_WORKER_HEALTH_S,
    )
    try:
        if settings.workers == 1:
            uvicorn.Server(config).run()
        else:
            Multiprocess(config, sockets=[config.bind_socket()]).run()
    except KeyboardInterrupt:
        pass  # Ctrl+C is how it is meant to end


def _hand_down(settings: Settings) -> None:
    """Put the settings into the environment, where workers read them again."""
    for name in settings.model_fields_set | {"mongodb_uri"}:
        value: Any = getattr(settings, name)
        if isinstance(value, tuple):
            value = ",".join(value)
        if value is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(value)
