"""The /graphql endpoint: the steps of a request in their order.

Strawberry's own view (0.341) answers invalid queries with 200 whatever the client accepts, does not
know application/graphql-response+json, parses a body of any size with the standard library's JSON,
and cannot send a result that is already encoded.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.graphql.budgets import caller_of
from api.graphql.csrf import refuse_forgery
from api.graphql.headers import Headers, headers_of
from api.graphql.live.hub import Hub
from api.graphql.live.opening import open_stream
from api.graphql.negotiation import (
    JSON,
    MediaType,
    media_type,
    prefers_html,
    prefers_stream,
    takes_gzip,
)
from api.graphql.operations import Operations
from api.graphql.refusal import Refusal
from api.graphql.request import ACCEPTED_BODIES, METHODS_WITH_BODY
from api.graphql.response import with_headers
from api.observability.logs import request_id
from api.observability.middleware import NOTES
from api.observability.tracing import operation_span
from store.audience import Audience

_METHODS = ("GET", "HEAD", "POST", "QUERY")


@dataclass(frozen=True, kw_only=True)
class GraphQLEndpoint(Operations):
    """An ASGI application that responds to operations, or keeps a stream open for each."""

    max_age_s: int = 0
    """Seconds that browsers and proxies may reuse a public response without asking again."""
    playground: Callable[[], Response] | None = None
    """Makes the page for browsers."""
    live: Hub | None = None
    """Keeps streams up to date; None: there are no streams."""

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
    ) -> ASGIApp:
        method = request.method
        if method not in _METHODS:
            allowed = {"allow": ", ".join(_METHODS), **ACCEPTED_BODIES}
            raise Refusal(405, "Send GET, POST or QUERY.", headers=allowed)
        has_body = method in METHODS_WITH_BODY
        if self.playground and not has_body and prefers_html(headers.get("accept")):
            return self.playground()
        live = self.live if method != "HEAD" and prefers_stream(headers.get("accept")) else None
        if accepted is None and live is None:
            raise Refusal(
                406, "Send accept: application/graphql-response+json or application/json."
            )
        refuse_forgery(headers, self.origins)
        audience = self.authenticator.audience_of(headers)
        if live is not None:
            return await open_stream(self, live, request, headers, audience)
        with self.concurrency, operation_span(headers) as end_span:
            operation = await self.read(request, headers, audience)
            account = None
            if self.budgets is not None:
                account = self.budgets.open(caller_of(request.scope, headers))
            began = time.perf_counter()
            result, hit = await self.answer(operation)
            if result.codes:
                result = result.for_request(request_id.get())
            gzip = takes_gzip(headers.get("accept-encoding"))
            if result.is_large:
                await result.prepare(gzip=gzip)
            name = self.count(result, hit=hit, seconds=time.perf_counter() - began)
            end_span(name, result.outcome)
        self.note(request, operation, result, name, hit=hit)
        is_public = audience is Audience.PUBLIC
        response = result.http_response(
            accepted or JSON,
            cache_control=f"public, max-age={self.max_age_s}" if is_public else "private, no-store",
            vary=self.authenticator.vary,
            gzip=gzip,
            # RFC 9110, section 13.1.2, and RFC 10008, section 2.6: not for POST.
            if_none_match="" if method == "POST" else headers.get("if-none-match", ""),
        )
        if account is not None:
            response = with_headers(response, account.pay(result.used))
        return response
