"""Automatic persisted queries: a client sends a query's SHA-256 instead of the query.

The protocol is Apollo's: a hash that is not known is answered with PersistedQueryNotFound; the
client then sends the query along, once, and the hash alone ever after.
"""

import hashlib
import hmac
from collections import OrderedDict
from typing import Any

from api.graphql.refusal import PERSISTED_QUERY_NOT_FOUND, Refusal
from api.graphql.request import GraphQLRequest

_VERSION = 1


class PersistedQueries:
    """The queries one worker knows by hash: the last used ones, at most `max_bytes` of them."""

    def __init__(self, max_bytes: int = 4 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._queries: OrderedDict[str, str] = OrderedDict()

    def query_of(self, request: GraphQLRequest) -> str:
        """Give the query that a request means.

        Raises Refusal for an unknown hash, a hash of another query, or no query at all.
        """
        extension = request.extensions.get("persistedQuery")
        if extension is None:
            if not request.query:
                raise Refusal(400, "The parameter query is missing.")
            return request.query
        digest = _digest(extension)
        if request.query:
            if not hmac.compare_digest(_sha256(request.query), digest):
                raise Refusal(400, "persistedQuery.sha256Hash is not the hash of this query.")
            return request.query
        if digest not in self._queries:
            raise Refusal(400, "PersistedQueryNotFound", PERSISTED_QUERY_NOT_FOUND)
        self._queries.move_to_end(digest)
        return self._queries[digest]

    def remember(self, request: GraphQLRequest) -> None:
        """Keep a query that came with its hash. Call it for valid ones only: others waste room."""
        if not request.query or "persistedQuery" not in request.extensions:
            return
        digest = _digest(request.extensions["persistedQuery"])
        if digest in self._queries:
            return
        self._queries[digest] = request.query
        self._bytes += _size(request.query)
        while self._bytes > self._max_bytes:
            _, oldest = self._queries.popitem(last=False)
            self._bytes -= _size(oldest)


def _digest(extension: Any) -> str:
    if isinstance(extension, dict) and extension.get("version") == _VERSION:
        digest = extension.get("sha256Hash")
        if isinstance(digest, str) and digest.isascii():
            return digest.lower()
    raise Refusal(
        400, "persistedQuery must be {version: 1, sha256Hash: the query's SHA-256 in hex}."
    )


def _sha256(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def _size(query: str) -> int:
    return len(query) * 4 + 200  # characters at their widest, and the entry itself
