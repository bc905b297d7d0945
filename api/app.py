"""The web application: the schema over HTTP, and what operators need beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import playground
from api.graphql.cache import ResponseCache
from api.graphql.callers import Authenticator
from api.graphql.csrf import PREFLIGHT_HEADERS
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.negotiation import JSON
from api.graphql.refusal import Refusal
from api.health import health_routes
from api.media import media_route
from api.observability.metrics import metrics_response
from api.observability.middleware import RequestLog
from api.settings import Settings
from schema.context import Context
from schema.limits.extension import CheckedContext
from schema.limits.limits import Limits
from schema.schema import build_schema
from store.audience import Audience
from store.reading.store import Store

MakeContext = Callable[[Audience], CheckedContext]


def create_app(settings: Settings, store: Store) -> Starlette:
    """Make the application over a store, which it closes when it stops.

    Raises SettingsError when others could connect and nobody said who they are.
    """
    limits = Limits(max_depth=settings.max_depth, max_cost=settings.max_cost)
    schema = build_schema(
        executor=settings.executor.value, limits=limits, introspection=settings.introspection
    )

    def context(audience: Audience) -> Context:
        return Context(store, audience)

    return serve_schema(settings, store, schema, context)


def serve_schema(
    settings: Settings, store: Store, schema: strawberry.Schema, context: MakeContext
) -> Starlette:
    """Make the application of any schema that has the limits; `context` is for its resolvers."""
    callers = Authenticator(settings)

    graphql = GraphQLEndpoint(
        schema=schema,
        context=context,
        authenticator=callers,
        cache=ResponseCache(settings.cache_mb * 1024 * 1024, store.cacheable_version),
        playground=playground.page if settings.playground else None,
        cors_origins=settings.cors_origins,
        max_body=settings.max_body_kb * 1024,
        timeout_s=settings.timeout_s,
        max_age_s=settings.max_age_s,
    )
    routes: list[BaseRoute] = [
        Route("/graphql", graphql, methods=None),
        *health_routes(store),
        *_schema_and_metrics(settings, callers, schema.as_str()),
    ]
    if settings.playground:
        routes += playground.routes()
    if settings.media_dir is not None:
        routes.append(media_route(settings.media_dir))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await store.close()

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(RequestLog), *_cors(settings)],
        exception_handlers={Refusal: _refused},
    )


def _schema_and_metrics(settings: Settings, callers: Authenticator, sdl: str) -> list[Route]:
    async def schema(request: Request) -> Response:
        if not settings.introspection:
            callers.require_editor(request.headers)
        return Response(sdl, media_type="application/graphql; charset=utf-8")

    async def metrics(request: Request) -> Response:
        # They tell what is asked and how often: not everybody's business.
        callers.require_editor(request.headers)
        return metrics_response()

    return [Route("/schema.graphql", schema), Route("/metrics", metrics)]


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "x-request-id", *PREFLIGHT_HEADERS],
            expose_headers=["etag", "retry-after", "x-request-id"],
            max_age=3600,
        )
    ]


async def _refused(_: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return refusal.http_response(JSON)
