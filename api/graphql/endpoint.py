"""The /graphql endpoint: the steps of a request in their order.

Strawberry's own view (0.341) answers invalid queries with 200 whatever the client accepts, does not
know application/graphql-response+json, parses a body of any size with the standard library's JSON,
and cannot send a result that is already encoded.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.graphql.authentication import Authenticator
from api.graphql.budgets import Budgets, caller_of
from api.graphql.cache import ResponseCache, cache_key
from api.graphql.concurrency import ConcurrencyLimit
from api.graphql.csrf import refuse_forgery
from api.graphql.execution import ServedContext, execute
from api.graphql.headers import Headers, headers_of
from api.graphql.negotiation import JSON, MediaType, media_type, prefers_html, takes_gzip
from api.graphql.origins import Origins
from api.graphql.own_origin import OwnOrigin
from api.graphql.pacing import Pacing
from api.graphql.persisted import PersistedQueries
from api.graphql.refusal import Refusal
from api.graphql.request import ACCEPTED_BODIES, METHODS_WITH_BODY, read_request
from api.graphql.response import EncodedResult, with_headers
from api.graphql.schemas import Schemas
from api.graphql.trusted import TrustedDocuments
from api.observability import metrics
from api.observability.logs import request_id
from api.observability.middleware import NOTES
from api.observability.tracing import operation_span
from schema.errors import ErrorCode
from store.audience import Audience

_SHOWN = 100  # characters of a client's id in the log
_METHODS = ("GET", "HEAD", "POST", "QUERY")


def no_edition(_: Audience) -> str:
    """Return the edition of a server without a search index."""
    return ""


@dataclass(frozen=True, kw_only=True)
class GraphQLEndpoint:
    """An ASGI application that serves one schema, whose extensions include the limits."""

    schemas: Schemas
    context: Callable[[Audience, str | None], ServedContext]
    """Makes the resolvers' context, of the audience and the origin that the caller addressed."""
    authenticator: Authenticator
    cache: ResponseCache
    max_body: int
    """Bytes of a request's body."""
    timeout_s: float
    """Seconds for reading a request's body, and again for executing its operation."""
    max_age_s: int = 0
    """Seconds that browsers and proxies may reuse a public response without asking again."""
    playground: Callable[[], Response] | None = None
    """Makes the page for browsers."""
    edition: Callable[[Audience], str] = no_edition
    """Returns the edition of the search index that an audience's responses are made from."""
    own_origin: OwnOrigin = field(default_factory=lambda: OwnOrigin(()))
    origins: Origins = field(default_factory=Origins)
    budgets: Budgets | None = None
    """What each caller may ask for in a minute; None: as much as it likes."""
    concurrency: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    pacing: Pacing = field(default_factory=Pacing)
    persisted: PersistedQueries = field(default_factory=PersistedQueries)
    trusted: TrustedDocuments = field(default_factory=TrustedDocuments)
    names: metrics.OperationNames = field(default_factory=metrics.OperationNames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        headers = headers_of(scope)
        accepted = media_type(headers.get("accept"))
        try:
            response = await self._respond(request, headers, accepted)
        except Refusal as refusal:
            scope[NOTES]["outcome"] = refusal.code
            response = refusal.http_response(accepted or JSON)
        await response(scope, receive, send)

    async def _respond(
        self, request: Request, headers: Headers, accepted: MediaType | None
    ) -> Response:
        method = request.method
        if method not in _METHODS:
            allowed = {"allow": ", ".join(_METHODS), **ACCEPTED_BODIES}
            raise Refusal(405, "Send GET, POST or QUERY.", headers=allowed)
        has_body = method in METHODS_WITH_BODY
        if self.playground and not has_body and prefers_html(headers.get("accept")):
            return self.playground()
        if accepted is None:
            raise Refusal(
                406, "Send accept: application/graphql-response+json or application/json."
            )
        refuse_forgery(headers, self.origins)
        audience = self.authenticator.audience_of(headers)
        with self.concurrency, operation_span(headers) as end_span:
            parameters = await read_request(
                request, headers, max_body=self.max_body, timeout_s=self.timeout_s
            )
            account = None
            if self.budgets is not None:
                account = self.budgets.open(caller_of(request.scope, headers))
            began = time.perf_counter()
            query = self.persisted.query_of(parameters)
            self.trusted.admit(
                query, parameters.operation_name, has_token="authorization" in headers
            )
            origin = self.own_origin.of(headers, request.scope["scheme"])
            key = cache_key(
                audience,
                origin,
                query,
                parameters.operation_name,
                parameters.variables,
                parameters.wants_cost,
                self.edition(audience),
            )
            version = self.cache.version()
            result, hit = await self.cache.get_or_make(
                key,
                version,
                lambda: execute(
                    self.schemas.current,
                    query,
                    parameters,
                    self.context(audience, origin),
                    self.pacing,
                    is_safe=method != "POST",
                    timeout_s=self.timeout_s,
                ),
            )
            if result.codes and not self.schemas.is_known:
                self._refuse_unknown(result)
            if result.codes:
                result = result.for_request(request_id.get())
            gzip = takes_gzip(headers.get("accept-encoding"))
            if result.is_large:
                await result.prepare(gzip=gzip)
            if result.has_data:
                self.persisted.remember(parameters)
            seconds = time.perf_counter() - began
            name = self._count(result, hit=None if version is None else hit, seconds=seconds)
            end_span(name, result.outcome)
        notes = request.scope[NOTES]
        notes.update(operation=name, outcome=result.outcome, audience=str(audience), cached=hit)
        if parameters.document_id is not None:
            notes["document"] = parameters.document_id[:_SHOWN]
        is_public = audience is Audience.PUBLIC
        response = result.http_response(
            accepted,
            cache_control=f"public, max-age={self.max_age_s}" if is_public else "private, no-store",
            vary=self.authenticator.vary,
            gzip=gzip,
            # RFC 9110, section 13.1.2, and RFC 10008, section 2.6: not for POST.
            if_none_match="" if method == "POST" else headers.get("if-none-match", ""),
        )
        if account is not None:
            response = with_headers(response, account.pay(result.used))
        return response

    def _refuse_unknown(self, result: EncodedResult) -> None:
        """Refuse a query that is invalid perhaps only because the corpus could not be read yet."""
        if ErrorCode.GRAPHQL_VALIDATION_FAILED in result.codes:
            message = "The schema cannot be read from MongoDB; try again in a few seconds."
            raise Refusal(503, message, ErrorCode.UNAVAILABLE)

    def _count(self, result: EncodedResult, *, hit: bool | None, seconds: float) -> str:
        """Record an operation's metrics, and return its label; `hit` is None without a cache."""
        name = self.names.label(result.operation_name, executed=result.has_data)
        metrics.operations(name, result.outcome).inc()
        metrics.operation_seconds(name).observe(seconds)
        if result.cost is not None and not hit:
            metrics.OPERATION_COST.observe(result.cost)
        if hit is not None:
            (metrics.CACHE_HITS if hit else metrics.CACHE_MISSES).inc()
        return name
