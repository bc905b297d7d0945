"""Run the application: uvicorn on uvloop and httptools, in one process or several."""

import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress

import uvicorn
from uvicorn.supervisors import Multiprocess

from api.database import running_mongodb
from api.observability.logs import configure_logs
from api.protocol import GuardedProtocol
from api.settings import PREFIX, Settings, SettingsError

_SHUTDOWN_S = 30  # for the requests in flight when the server is told to stop
_KEEP_ALIVE_S = 20  # longer than from one click to the next, shorter than proxies wait
_WORKER_HEALTH_S = 10  # a worker that does not respond for this long is replaced
_MIN_TOKEN_LENGTH = 16  # a shorter one can be guessed

log = logging.getLogger("newsgraph.server")


def run(settings: Settings, prepare: Callable[[Settings], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight.

    `prepare` is called when MongoDB is running, before the first request is served. Raises
    SettingsError if no audience is set or the address is not available, and StoreError if MongoDB
    cannot be started or its URI is invalid.
    """
    settings.check_audience()  # each worker checks again, but would only fail once MongoDB runs
    configure_logs(settings.log_level, settings.log_format)
    if any(len(token) < _MIN_TOKEN_LENGTH for token in settings.editor_tokens):
        log.warning(
            "%sEDITOR_TOKENS contains a short token; generate one with `openssl rand -hex 32`.",
            PREFIX,
        )
    # uvicorn raises the signal again when it is done; SystemExit runs our `finally` clauses.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        listener = stack.enter_context(closing(_listen(settings)))
        uri = stack.enter_context(running_mongodb(settings))
        settings = settings.model_copy(update={"mongodb_uri": uri})
        prepare(settings)
        if settings.workers > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _export_to_environment(settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        port = listener.getsockname()[1]
        url = f"http://{host}:{port}/graphql"
        print(f"newsgraph is listening on {url}", file=sys.stderr, flush=True)
        _serve(settings, listener)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        # socket.create_server appends the address as a tuple.
        why = str(error.strerror).partition(" (while ")[0]
        raise SettingsError(
            f"Cannot listen on {settings.host}, port {settings.port}: {why}. "
            "Choose another one with --host or --port, or stop the program that uses it."
        ) from None
    listener.set_inheritable(True)
    return listener


def _serve(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        "api.worker:start_worker",
        factory=True,
        workers=settings.workers,
        loop="auto",
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        # Nothing here reads the caller's address or scheme, so no proxy has to be trusted.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_SHUTDOWN_S,
        timeout_worker_healthcheck=_WORKER_HEALTH_S,
    )
    with suppress(KeyboardInterrupt):  # Ctrl+C is the normal way to stop
        if settings.workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()


def _export_to_environment(settings: Settings) -> None:
    """Write the settings into the environment, from which the workers read them."""
    for name in settings.model_fields_set | {"mongodb_uri"}:
        value: object = getattr(settings, name)
        if isinstance(value, tuple):
            value = ",".join(value)
        if value is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(value)
