"""How newsgraph connects to MongoDB: one set of options for every reader and writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from pymongo import AsyncMongoClient, MongoClient

from store.documents import Document
from store.errors import invalid_uri, translated

SERVER_SELECTION_S = 5.0

# Answers are bounded by what was asked, so they come whole: in one message, while under 16 MB.
ONE_BATCH = 2**31 - 1

# docs/faults.md has what each of these is for, as measured.
_OPTIONS: dict[str, Any] = {
    "appname": "newsgraph",
    "retryReads": True,
    "retryWrites": True,
    "serverSelectionTimeoutMS": int(SERVER_SELECTION_S * 1000),
    # A server that says nothing is found out after the sum of these two, not after 30 s; what
    # waits for it is then ended, and asked of another.
    "heartbeatFrequencyMS": 1000,
    "connectTimeoutMS": 2500,
    # A burst takes up to 100 connections for each worker and node; they go when it is over.
    "maxIdleTimeMS": 60_000,
    # Nothing is read, and no write is believed, that the next election could undo.
    "readConcernLevel": "majority",
    "w": "majority",
}


def connect(uri: str, *, timeout_s: float | None = None) -> AsyncMongoClient[Document]:
    """Give a client for readers on the event loop; no call takes longer than `timeout_s` seconds.

    While there is no primary, a secondary answers. It connects with the first call. Its dates are
    UTC without saying so: the driver makes each aware by a call of Python's, a fifth of the time
    that decoding a page takes. Raises Refused when the URI cannot be used.
    """
    with _refusing_bad_uris():
        return AsyncMongoClient(uri, **_options(uri, "primaryPreferred", timeout_s))


def connect_blocking(uri: str, *, timeout_s: float | None = None) -> MongoClient[Document]:
    """Give a client for writers, in threads and processes without an event loop; see `connect`.

    It reads from the primary alone: what a load writes follows from what it has just read.
    """
    with _refusing_bad_uris():
        return MongoClient(uri, **_options(uri, "primary", timeout_s), tz_aware=True)


@contextmanager
def _refusing_bad_uris() -> Iterator[None]:
    """Raise Refused where the driver says, in whatever way, that it cannot use a URI."""
    try:
        with translated():
            yield
    except ValueError as error:  # from Python, which parses ports and IPv6 addresses
        raise invalid_uri(error) from error


def _options(uri: str, read_preference: str, timeout_s: float | None) -> dict[str, Any]:
    options = _OPTIONS | {"readPreference": read_preference}
    if timeout_s is not None:
        # Client Side Operation Timeout: the driver also sends the rest of it as maxTimeMS.
        options["timeoutMS"] = int(timeout_s * 1000)
    # What an operator wrote into the URI wins; the driver would prefer these.
    written = {name.lower() for name in parse_qs(uri.partition("?")[2])}
    return {name: value for name, value in options.items() if name.lower() not in written}
