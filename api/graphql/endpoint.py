"""The /graphql endpoint: the steps of a request in their order.

Strawberry's own view (0.341) answers invalid queries with 200 whatever the client accepts, does not
know application/graphql-response+json, parses a body of any size with the standard library's JSON,
and leaves no place for an answer that is already encoded.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.graphql.answer import Answer, error_response, response
from api.graphql.cache import ResponseCache, cache_key
from api.graphql.callers import Authenticator
from api.graphql.concurrency import ConcurrencyLimit
from api.graphql.csrf import refuse_forgery
from api.graphql.execution import execute
from api.graphql.negotiation import JSON, MediaType, media_type, prefers_html, takes_gzip
from api.graphql.persisted import PersistedQueries
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest, read_request
from api.observability import metrics
from api.observability.middleware import NOTES
from api.observability.tracing import operation_span
from store.audience import Audience

_METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class GraphQLEndpoint:
    """An ASGI application that serves one schema."""

    schema: strawberry.Schema
    context: Callable[[Audience], Any]
    """Makes the resolvers' context."""
    callers: Authenticator
    cache: ResponseCache
    playground: Callable[[], Response] | None = None
    """Gives the page for browsers."""
    cors_origins: Collection[str] = ()
    max_body: int = 128 * 1024
    timeout_s: float = 10
    max_age_s: int = 0
    """Seconds that browsers and proxies may reuse a public answer without asking again."""
    concurrency: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    persisted: PersistedQueries = field(default_factory=PersistedQueries)
    names: metrics.OperationNames = field(default_factory=metrics.OperationNames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        await (await self._respond(request))(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        accept = request.headers.get("accept")
        wanted = media_type(accept)
        try:
            if request.method not in _METHODS:
                raise Refusal(405, "Send GET or POST.", headers={"allow": ", ".join(_METHODS)})
            if request.method != "POST" and self.playground and prefers_html(accept):
                return self.playground()
            if wanted is None:
                raise Refusal(406, "Accept application/graphql-response+json or application/json.")
            return await self._answer_response(request, wanted)
        except Refusal as refusal:
            request.scope[NOTES]["outcome"] = refusal.code
            return error_response(refusal, wanted or JSON)

    async def _answer_response(self, request: Request, wanted: MediaType) -> Response:
        headers = request.headers
        refuse_forgery(headers, self.cors_origins)
        audience = self.callers.audience_of(headers)
        with self.concurrency.slot(), operation_span(headers) as end:
            asked = await read_request(request, max_body=self.max_body, timeout_s=self.timeout_s)
            answer, name = await self._answer(asked, audience, request)
            end(name, answer.outcome)
        is_public = audience is Audience.PUBLIC
        return response(
            answer,
            wanted,
            cache_control=f"public, max-age={self.max_age_s}" if is_public else "private, no-store",
            gzip=takes_gzip(headers.get("accept-encoding")),
            # RFC 9110, section 13.1.2: only GET and HEAD may be answered with 304.
            if_none_match="" if request.method == "POST" else headers.get("if-none-match", ""),
        )

    async def _answer(
        self, asked: GraphQLRequest, audience: Audience, request: Request
    ) -> tuple[Answer, str]:
        began = time.perf_counter()
        notes = request.scope[NOTES]
        query = self.persisted.query_of(asked)
        safe = request.method != "POST"

        async def make() -> Answer:
            context = self.context(audience)
            return await execute(
                self.schema, query, asked, context, safe=safe, timeout_s=self.timeout_s
            )

        key = cache_key(audience, query, asked.operation_name, asked.variables, asked.wants_cost)
        version = await self.cache.version()
        answer, hit = await self.cache.answer(key, version, make)
        if answer.executed:
            self.persisted.remember(asked)
        name = self.names.label(asked.operation_name, query, executed=answer.executed)
        metrics.OPERATIONS.labels(name, answer.outcome).inc()
        metrics.OPERATION_SECONDS.labels(name).observe(time.perf_counter() - began)
        if answer.cost is not None and not hit:
            metrics.OPERATION_COST.observe(answer.cost)
        if version is not None:
            metrics.CACHE.labels("hit" if hit else "miss").inc()
        notes.update(operation=name, outcome=answer.outcome, audience=str(audience), cached=hit)
        return answer, name
