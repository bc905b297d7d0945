"""How newsgraph connects to MongoDB: one set of options for every reader and writer."""

from typing import Any

from pymongo import AsyncMongoClient, MongoClient

from store.errors import translated

SERVER_SELECTION_S = 5.0

# Answers are bounded by what was asked, so they come whole: in one message, while under 16 MB.
ONE_BATCH = 2**31 - 1

Document = dict[str, Any]

_OPTIONS: dict[str, Any] = {
    "appname": "newsgraph",
    "readPreference": "primaryPreferred",
    "retryReads": True,
    "retryWrites": True,
    "serverSelectionTimeoutMS": int(SERVER_SELECTION_S * 1000),
    "tz_aware": True,
}


def connect(uri: str, *, timeout_s: float | None = None) -> AsyncMongoClient[Document]:
    """Give a client for the event loop; no call on it takes longer than `timeout_s` seconds.

    It connects with the first call. Raises Refused when the URI cannot be used.
    """
    with translated():
        return AsyncMongoClient(uri, **_options(timeout_s))


def connect_blocking(uri: str, *, timeout_s: float | None = None) -> MongoClient[Document]:
    """Give a client for threads and processes without an event loop; see `connect`."""
    with translated():
        return MongoClient(uri, **_options(timeout_s))


def _options(timeout_s: float | None) -> dict[str, Any]:
    # Client Side Operation Timeout: the driver also sends the rest of it as maxTimeMS.
    return _OPTIONS if timeout_s is None else {**_OPTIONS, "timeoutMS": int(timeout_s * 1000)}
