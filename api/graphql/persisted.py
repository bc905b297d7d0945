"""Documents by id: a client sends an id in place of its query.

The id is either the `documentId` of "GraphQL over HTTP", appendix "Persisted Documents", or the
SHA-256 of Apollo's persisted queries. Trusted documents are known by their ids. Any other query can
be kept by its SHA-256, as Apollo's clients expect: an unknown hash is answered with
PersistedQueryNotFound; the client then sends the query along once, and only the hash after that.
"""

import hashlib
from typing import Final

from cachetools import LRUCache

from api.documents.document import SHA256_PREFIX
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest
from api.graphql.trusted import TrustedDocuments, not_trusted
from schema.errors import ErrorCode

_VERSION = 1
_SHOWN: Final = 100
"""Characters of a client's id that a message repeats."""


class PersistedQueries:
    """The trusted documents, and the queries that one worker was sent with their hashes.

    Of the latter, those used last are kept, within `max_bytes`.
    """

    def __init__(
        self,
        max_bytes: int = 4 * 1024 * 1024,
        trusted: TrustedDocuments | None = None,
    ) -> None:
        self._queries: LRUCache[str, str] = LRUCache(max_bytes, _size)
        self._trusted = trusted or TrustedDocuments()

    def query_of(self, request: GraphQLRequest) -> str:
        """Return the query of a request, which may have only its id.

        Raises Refusal for an unknown id, the id of another query, or no query at all.
        """
        id_ = _id_of(request)
        if id_ is None:
            if not request.query:
                raise Refusal(400, "The parameter query is missing; send it, or a documentId.")
            return request.query
        if request.query:
            self._check(request.query, id_)
            return request.query
        query = self._trusted.find(id_) or self._queries.get(id_.lower())
        if query is None:
            raise self._not_found(request)
        return query

    def remember(self, request: GraphQLRequest) -> None:
        """Keep a query that came with its hash. Only for executed ones: others waste memory."""
        query = request.query
        if not query or (request.document_id is None and not request.extensions):
            return
        id_ = _id_of(request)
        if id_ is None or self._trusted.find(id_) is not None:
            return
        if _size(query) <= self._queries.maxsize:
            self._queries[id_.lower()] = query

    def _check(self, query: str, id_: str) -> None:
        """Raise Refusal unless an id, of a trusted document or a hash, is that of this query."""
        trusted = self._trusted.find(id_)
        if trusted is not None:
            if trusted != query:
                raise Refusal(400, "The id belongs to another query; send only one of the two.")
        elif _sha256(query) != id_.lower():
            raise Refusal(400, "The id is not the SHA-256 of this query.")

    def _not_found(self, request: GraphQLRequest) -> Refusal:
        if self._trusted.only:
            return not_trusted()
        if request.document_id is None:
            # Not 400, as this is a step of the protocol: browsers would show each first use of a
            # query as a failure. Apollo Server responds with 200, too.
            return Refusal(200, "PersistedQueryNotFound", ErrorCode.PERSISTED_QUERY_NOT_FOUND)
        shown = request.document_id[:_SHOWN]
        message = f"There is no document with the id {shown!r}; send the query itself."
        return Refusal(400, message, ErrorCode.PERSISTED_QUERY_NOT_FOUND)


def _id_of(request: GraphQLRequest) -> str | None:
    """Return the id in a request, a hash without its prefix; None without an id."""
    extension = request.extensions.get("persistedQuery")
    if request.document_id is not None:
        if extension is not None:
            raise Refusal(400, "Send either documentId or extensions.persistedQuery.")
        return request.document_id.removeprefix(SHA256_PREFIX)
    return None if extension is None else _digest(extension)


def _digest(extension: object) -> str:
    if isinstance(extension, dict) and extension.get("version") == _VERSION:
        digest = extension.get("sha256Hash")
        if isinstance(digest, str):
            return digest.removeprefix(SHA256_PREFIX)  # urql sends it as graphql-codegen wrote it
    raise Refusal(
        400, "persistedQuery must be {version: 1, sha256Hash: the query's SHA-256 in hex}."
    )


def _sha256(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def _size(query: str) -> int:
    return len(query) * 4 + 300  # characters at their widest, and the entry itself
