"""Run the server: a listening socket, MongoDB, and workers under a supervisor."""

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from importlib.metadata import version

from api.corpus import location, read_corpus
from api.database import running_mongodb
from api.observability.logs import SERVER, configure_logs
from api.observability.shared_metrics import shared_metrics
from api.setting_types import DocumentsMode, SearchBackend
from api.settings import PREFIX, Settings, SettingsError, unknown_settings
from store.audience import Audience
from store.errors import StoreError

_MIN_TOKEN_LENGTH = 16  # a shorter one can be guessed

_SEARCHES_WITHIN_S = 3  # an index of some thousand items is built by then
_ANNOUNCE_WITHIN_S = 3  # for each question about the corpus

log = logging.getLogger(SERVER)


def run(settings: Settings, prepare: Callable[[Settings], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight.

    `prepare` is called when MongoDB is running, before the first request is served. Raises
    SettingsError if no audience is set or the address is not available, and StoreError if MongoDB
    cannot be started, or started again, or its URI is invalid.
    """
    settings.check_audience()  # each worker checks again, but would only fail once MongoDB runs
    _check_documents(settings)
    configure_logs(settings.log_level, settings.log_format)
    for sentence in unknown_settings():
        log.warning("%s", sentence)
    if any(len(token) < _MIN_TOKEN_LENGTH for token in settings.editor_tokens):
        log.warning(
            "%sEDITOR_TOKENS contains a short token; generate one with `openssl rand -hex 32`.",
            PREFIX,
        )
    # SystemExit runs our `finally` clauses. Once there are workers, the supervisor has the signals.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        listener = stack.enter_context(closing(_listen(settings)))
        where = location(settings)
        stack.enter_context(shared_metrics())
        # Only now, as they make metrics.
        from api.observability.processes import count_mongod_restart
        from api.supervised_follower import SupervisedFollower
        from api.supervisor import Supervisor

        uri = stack.enter_context(
            running_mongodb(settings, on_loss=_stop, on_restart=count_mongod_restart)
        )
        log.info(
            "Starting newsgraph %s: workers %d, data %s",
            version("newsgraph"),
            settings.workers,
            where,
            extra={"settings": {name: str(value) for name, value in settings.changed.items()}},
        )
        settings = settings.model_copy(update={"mongodb_uri": uri})
        prepare(settings)

        is_indexed = settings.search is SearchBackend.TANTIVY
        follower = SupervisedFollower(settings) if is_indexed else None

        async def announce() -> None:
            if follower is not None:
                await follower.settled(_SEARCHES_WITHIN_S)
            await _announce(settings, where, listener)

        if not asyncio.run(Supervisor(settings, listener, announce, follower).run()):
            log.error("Stopping, because no worker could start.")
            sys.exit(1)


def _check_documents(settings: Settings) -> None:
    """Raise the SettingsError of documents that cannot be read; each worker reads them again."""
    if settings.documents is not None or settings.documents_mode is not DocumentsMode.OFF:
        # Only now, as it imports GraphQL, which only workers need.
        from api.graphql.trusted import trusted_documents

        trusted_documents(settings)


async def _announce(settings: Settings, where: str, listener: socket.socket) -> None:
    """Log what is served, and where."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{listener.getsockname()[1]}/graphql"
    items = ""
    try:
        corpus = await read_corpus(
            settings.mongodb_uri or "",
            settings.database,
            timeout_s=_ANNOUNCE_WITHIN_S,
            text_index=settings.text_index,
        )
    except StoreError as error:
        log.warning("The corpus cannot be read yet (%s): %s", where, error)
    else:
        every, public = (corpus.counts[who].items for who in (Audience.EDITOR, Audience.PUBLIC))
        items = f"{every} items ({public} public) from "
        if corpus.version == 0:
            log.warning("Nothing is loaded yet: run `newsgraph load PATH`.")
        elif corpus.is_outdated:
            log.warning(
                "The corpus was loaded by an older version of newsgraph, so no query is executed: "
                "run `newsgraph load` for each root that `newsgraph status` lists."
            )
    log.info("Serving %s%s; newsgraph is listening on %s", items, where, url)


def _stop(_: StoreError) -> None:
    """Stop the server as SIGTERM does, from another thread."""
    if main := threading.main_thread().ident:
        signal.pthread_kill(main, signal.SIGTERM)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    both = settings.host == "::" and socket.has_dualstack_ipv6()  # IPv4 as well
    try:
        listener = socket.create_server(
            (settings.host, settings.port), family=family, dualstack_ipv6=both
        )
    except OSError as error:
        # socket.create_server appends the address as a tuple.
        why = str(error.strerror).partition(" (while ")[0]
        raise SettingsError(
            f"Cannot listen on {settings.host}, port {settings.port}: {why}. "
            "Choose another --port or --host, or stop the program that uses this one."
        ) from None
    return listener
