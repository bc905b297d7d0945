"""Automatic persisted queries: a client sends a query's SHA-256 instead of the query.

The protocol is Apollo's: an unknown hash is answered with PersistedQueryNotFound; the client then
sends the query along once, and only the hash after that.
"""

import hashlib
import hmac

from cachetools import LRUCache

from api.graphql.refusal import PERSISTED_QUERY_NOT_FOUND, Refusal
from api.graphql.request import GraphQLRequest

_VERSION = 1


class PersistedQueries:
    """The queries that one worker knows by hash: those used last, within `max_bytes`."""

    def __init__(self, max_bytes: int = 4 * 1024 * 1024) -> None:
        self._queries: LRUCache[str, str] = LRUCache(max_bytes, _size)

    def query_of(self, request: GraphQLRequest) -> str:
        """Return the query of a request, which may have only its hash.

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
        query = self._queries.get(digest)
        if query is None:
            raise Refusal(400, "PersistedQueryNotFound", PERSISTED_QUERY_NOT_FOUND)
        return query

    def remember(self, request: GraphQLRequest) -> None:
        """Keep a query that came with its hash. Only for executed ones: others waste memory."""
        if not request.query or "persistedQuery" not in request.extensions:
            return
        if _size(request.query) <= self._queries.maxsize:
            self._queries[_digest(request.extensions["persistedQuery"])] = request.query


def _digest(extension: object) -> str:
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
    return len(query) * 4 + 300  # characters at their widest, and the entry itself
