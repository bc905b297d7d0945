"""Clients for MongoDB, with the same options for every reader and writer."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from pymongo import AsyncMongoClient, MongoClient

from store.documents import Document
from store.errors import invalid_uri, translated

# A batch size: results are bounded by the query, so one message (up to 16 MB) holds all of them.
ONE_BATCH = 2**31 - 1

# docs/faults.md explains these, with measurements.
_OPTIONS: dict[str, Any] = {
    "appname": "newsgraph",
    "retryReads": True,
    "retryWrites": True,
    "serverSelectionTimeoutMS": 5000,
    # A server that hangs is detected after the sum of these two, not after 30 s; pending calls are
    # then cancelled and retried on another node.
    "heartbeatFrequencyMS": 1000,
    "connectTimeoutMS": 2500,
    # A burst opens up to 100 connections per worker and node; they close when it is over.
    "maxIdleTimeMS": 60_000,
    # So that no election can roll back what was read or written.
    "readConcernLevel": "majority",
    "w": "majority",
}


def connect(uri: str, *, timeout_s: float | None = None) -> AsyncMongoClient[Document]:
    """Return a client for readers on the event loop; no call takes longer than `timeout_s`.

    It connects with the first call, and reads from secondaries while there is no primary. Its
    dates are UTC but naive: aware dates take a fifth of the time that decoding a page takes.
    Raises Refused when the URI is invalid, or has options that the driver would ignore.
    """
    with _refusing_bad_uris(), warnings.catch_warnings():
        # Not in `connect_blocking`, because filters belong to all threads: every command calls this
        # function first.
        warnings.simplefilter("error", UserWarning)
        options = _options(uri, "primaryPreferred", timeout_s)
        return AsyncMongoClient(uri, **options)


def connect_blocking(uri: str) -> MongoClient[Document]:
    """Return a client for writers, in threads without an event loop; see `connect`.

    It reads from the primary only: what a load writes depends on what it has just read.
    """
    with _refusing_bad_uris():
        return MongoClient(uri, **_options(uri, "primary"), tz_aware=True)


@contextmanager
def _refusing_bad_uris() -> Iterator[None]:
    """Turn each of the driver's errors about a URI into Refused."""
    try:
        with translated():
            yield
    except ValueError as error:  # from Python, which parses ports and IPv6 addresses
        raise invalid_uri(error) from error
    except UserWarning as warning:  # an option that does not exist, or a value that it cannot have
        sentence = str(warning).removesuffix(" Refer to docstring.")
        raise invalid_uri(UserWarning(sentence)) from warning


def _options(uri: str, read_preference: str, timeout_s: float | None = None) -> dict[str, Any]:
    options = _OPTIONS | {"readPreference": read_preference}
    if timeout_s is not None:
        # Client Side Operations Timeout: the driver also sends what remains as maxTimeMS.
        options["timeoutMS"] = int(timeout_s * 1000)
    # Options in the URI win; the driver would prefer these.
    in_uri = {name.lower() for name in parse_qs(uri.partition("?")[2])}
    return {name: value for name, value in options.items() if name.lower() not in in_uri}
