"""Running the web application: uvicorn on uvloop and httptools, in one process or several."""

import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from api.database import running_mongodb
from api.observability.logs import configure_logs
from api.protocol import GuardedProtocol
from api.settings import PREFIX, Settings, SettingsError

_SHUTDOWN_S = 30  # what a request in flight may still take when the server is told to stop
_KEEP_ALIVE_S = 20  # longer than a person's click to the next, shorter than proxies give up
_WORKER_HEALTH_S = 10  # a worker that does not react for so long is replaced
_SHORT_TOKEN = 16  # characters

log = logging.getLogger("newsgraph.server")


def run(settings: Settings, prepare: Callable[[Settings], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight.

    `prepare` is called once the database is there, before the first request is answered.
    Raises SettingsError when nobody chose an audience, or the address cannot be listened on, and
    StoreError when there is no MongoDB to be had.
    """
    _ = settings.anonymous_audience  # before any process starts: refuse what is not safe
    configure_logs(settings)
    if any(len(token) < _SHORT_TOKEN for token in settings.editor_tokens):
        log.warning("A token of %sEDITOR_TOKENS can be guessed: openssl rand -hex 32", PREFIX)
    # uvicorn raises the signal again when it is done: leave by way of our `finally` clauses.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        listener = stack.enter_context(closing(_listen(settings)))
        uri = stack.enter_context(running_mongodb(settings))
        settings = settings.model_copy(update={"mongodb_uri": uri})
        prepare(settings)
        if settings.workers > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _hand_down(settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        port = listener.getsockname()[1]
        print(f"newsgraph answers at http://{host}:{port}/graphql", file=sys.stderr, flush=True)
        _serve(settings, listener)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        # Without what socket.create_server adds: the address once more, as a tuple.
        why = str(error.strerror).partition(" (while ")[0]
        raise SettingsError(
            f"Cannot listen on {settings.host}, port {settings.port}: {why}. "
            "Choose another with --port, or stop what listens there."
        ) from None
    listener.set_inheritable(True)
    return listener


def _serve(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        "api.worker:make_app",
        factory=True,
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
    with suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
        if settings.workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()


def _hand_down(settings: Settings) -> None:
    """Put the settings into the environment, where workers read them again."""
    for name in settings.model_fields_set | {"mongodb_uri"}:
        value: Any = getattr(settings, name)
        if isinstance(value, tuple):
            value = ",".join(value)
        if value is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(value)
