"""How each page is answered: from the cache, with an ETag, and only of what the public sees."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.feeds import questions
from api.feeds.addresses import Addresses
from api.feeds.questions import Data
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.headers import headers_of
from api.graphql.negotiation import takes_gzip
from api.graphql.refusal import Refusal
from api.graphql.response import EncodedResult
from schema.errors import ErrorCode
from store.audience import Audience

Write = Callable[[Addresses], Awaitable[bytes]]
"""Returns a page for a caller, whose addresses begin with the origin that it addressed."""


@dataclass(frozen=True, slots=True)
class Service:
    """What all pages share: the GraphQL endpoint's schema, cache, limits and callers."""

    graphql: GraphQLEndpoint
    has_reader: bool
    title: str
    """The name of the site."""

    async def respond(self, request: Request, media_type: str, write: Write) -> Response:
        """Return the response with a page, made once for each origin and corpus version.

        Raises Refusal.
        """
        graphql, headers = self.graphql, headers_of(request.scope)
        # A wrong token is refused, and so are callers whom this server does not serve at all. But
        # an editor gets the public's page, too.
        graphql.authenticator.audience_of(headers)
        origin = graphql.own_origin.of(headers, request.scope["scheme"])
        addresses = Addresses(origin, self.has_reader)

        async def make() -> EncodedResult:
            return EncodedResult(await write(addresses))

        key = hashlib.sha256(f"{request.url.path}\0{origin}".encode()).digest()
        with graphql.concurrency:
            version = graphql.cache.version()
            result, _ = await graphql.cache.get_or_make(key, version, make)
            gzip = takes_gzip(headers.get("accept-encoding"))
            if result.is_large:
                await result.prepare(gzip=gzip)
        return result.http_response(
            media_type,
            cache_control=f"public, max-age={graphql.max_age_s}",
            vary=graphql.authenticator.vary,
            gzip=gzip,
            if_none_match=headers.get("if-none-match", ""),
        )

    async def ask(
        self, query: str, addresses: Addresses, *, share: float = 1, **variables: object
    ) -> Data:
        """Return the data of a query for the public, in a share of the time. Raises Refusal."""
        graphql = self.graphql
        context = graphql.context(Audience.PUBLIC, addresses.origin)
        schema, timeout_s = graphql.schemas.current, graphql.timeout_s * share
        return await questions.ask(schema, context, query, variables, timeout_s)

    async def ask_with_bodies(self, query: str, addresses: Addresses, **variables: Any) -> Data:
        """Return the data of a query; without the items' bodies, if these are too long."""
        try:
            return await self.ask(query, addresses, share=0.5, withBodies=True, **variables)
        except Refusal as refusal:
            if refusal.code not in (ErrorCode.QUERY_TOO_EXPENSIVE, ErrorCode.TIMEOUT):
                raise
        return await self.ask(query, addresses, share=0.5, withBodies=False, **variables)
