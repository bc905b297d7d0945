"""The web application: the GraphQL endpoint, the playground, health checks and metrics."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Protocol

import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api import feeds, playground, reader
from api.application import Application
from api.feeds.sitemap import Items
from api.graphql.authentication import Authenticator
from api.graphql.budgets import Budgets
from api.graphql.cache import ResponseCache
from api.graphql.cors import cors_middleware
from api.graphql.document_checks import DocumentChecks
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.execution import ServedContext
from api.graphql.live.hub import Hub
from api.graphql.live.places import Places
from api.graphql.operations import no_edition
from api.graphql.origins import Origins
from api.graphql.own_origin import OwnOrigin
from api.graphql.persisted import PersistedQueries
from api.graphql.refusal import Refusal, error_response, refusal_response
from api.graphql.schemas import FixedSchema, Schemas, SiteSchemas
from api.graphql.trusted import TrustedDocuments, trusted_documents
from api.health import health_routes
from api.media import media_route
from api.observability.middleware import RequestLog
from api.observability.scrape import Scrape
from api.search import ServedIndex
from api.setting_types import SearchBackend
from api.settings import Settings
from schema.context import Context
from schema.errors import ErrorCode
from schema.limits.limits import Limits
from schema.pictures import Pictures
from schema.schema import build_schema
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import CorpusState, Store
from store.search.freshness import Freshness
from store.site_fields import SiteFields

Background = Callable[[], AbstractAsyncContextManager[None]]
MakeContext = Callable[[Audience, str | None], ServedContext]


class ServedStore(Protocol):
    """What the application itself asks of a store; the rest is between the store and the schema."""

    @property
    def has_primary(self) -> bool: ...
    async def state(self) -> CorpusState: ...
    async def check_documents(self) -> None: ...
    async def missing_indexes(self) -> list[str]: ...
    async def close(self) -> None: ...


class VersionedStore(ServedStore, Protocol):
    """What it asks of the store of a schema that never changes."""

    def current_version(self) -> int | None: ...


def create_app(
    settings: Settings, store: Store, watch: CorpusWatch, *before: Background
) -> Starlette:
    """Return newsgraph's application on a store and the watch of its corpus.

    It starts the watch with itself, after what runs `before` it, and ends all of them. Until the
    watch has started, it takes the corpus for one that cannot be read.

    Raises SettingsError as `Settings.check_audience` and `trusted_documents` do.
    """
    limits = Limits(
        max_depth=settings.max_depth,
        max_cost=settings.max_cost,
        max_response_mb=settings.max_response_mb,
    )

    def schema(site_fields: SiteFields) -> strawberry.Schema:
        return build_schema(
            executor=settings.executor.value,
            limits=limits,
            introspection=settings.introspection,
            site_fields=site_fields,
        )

    def context(audience: Audience, origin: str | None) -> Context:
        media = settings.media_url or (origin if settings.media_dir else None)
        searches = settings.search is not SearchBackend.OFF
        return Context(store, audience, pictures=Pictures(media, origin), searches=searches)

    trusted = trusted_documents(settings)
    checks = DocumentChecks(trusted.documents)
    schemas = SiteSchemas(schema, watch, store, checks.start)
    background: list[Background] = [*before, watch.running, schemas.following]
    index = None
    if settings.search is SearchBackend.TANTIVY:
        index = ServedIndex.of(settings, store, watch)
        background.append(index.following)

    def feed_routes(graphql: GraphQLEndpoint) -> list[BaseRoute]:
        def items() -> Items:
            return store.readers(Audience.PUBLIC).items

        return feeds.routes(graphql, items, has_reader=_has_reader(settings), title=settings.title)

    return _create_app(settings, store, schemas, context, trusted, background, index, feed_routes)


def create_app_for_schema(
    settings: Settings, store: VersionedStore, schema: strawberry.Schema, context: MakeContext
) -> Starlette:
    """Return the application of any schema that has the limits; `context` is for its resolvers."""
    trusted = trusted_documents(settings)
    fixed = FixedSchema(schema, store.current_version)
    return _create_app(settings, store, fixed, context, trusted)


def _create_app(
    settings: Settings,
    store: ServedStore,
    schemas: Schemas,
    context: MakeContext,
    trusted: TrustedDocuments,
    background: Sequence[Background] = (),
    index: ServedIndex | None = None,
    more_routes: Callable[[GraphQLEndpoint], list[BaseRoute]] = lambda _: [],
) -> Starlette:
    """Make the application; what is in `background` is entered, in this order, when it starts.

    `more_routes` makes routes that ask the GraphQL endpoint's schema.
    """
    freshness = index.freshness if index else None
    origins = Origins(settings.cors_origins)
    authenticator = _authenticator(settings, origins)
    cache = ResponseCache(
        settings.cache_mb * 1024 * 1024, schemas.version, lambda: store.has_primary
    )
    edition = index.edition if index else no_edition
    live = None
    if settings.streams:
        places = Places(settings.streams, settings.streams_per_caller)
        live = Hub(schemas, edition, lambda: store.has_primary, places)
    graphql = GraphQLEndpoint(
        schemas=schemas,
        context=context,
        authenticator=authenticator,
        cache=cache,
        playground=partial(_playground_page, settings) if settings.playground else None,
        edition=edition,
        live=live,
        own_origin=OwnOrigin(settings.own_names),
        budgets=Budgets(settings.objects_per_minute) if settings.objects_per_minute else None,
        origins=origins,
        persisted=PersistedQueries(trusted=trusted),
        trusted=trusted,
        max_body=settings.max_body_kb * 1024,
        timeout_s=settings.timeout_s,
        max_age_s=settings.max_age_s,
    )
    routes: list[BaseRoute] = [
        *health_routes(
            store.check_documents,
            store.missing_indexes,
            search_problem=freshness.problem if freshness else lambda: None,
        ),
        _schema_route(settings, authenticator, schemas),
        _metrics_route(authenticator, store, freshness),
        *more_routes(graphql),
    ]
    routes += _pages(settings)
    if settings.media_dir is not None:
        routes.append(media_route(settings.media_dir))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for start in background:
                await running.enter_async_context(start())
            yield
        await store.close()

    app = Application(
        shortcuts={"/graphql": graphql, "/graphql/": graphql},
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(RequestLog, log_clients=settings.log_clients),
            *cors_middleware(origins, settings.cors_headers),
        ],
        exception_handlers={Refusal: refusal_response, HTTPException: error_response},
    )
    # Starlette would redirect to an absolute URL, made of the client's Host header. Behind a proxy
    # that terminates TLS, the client would send its token there once more, without TLS.
    app.router.redirect_slashes = False
    return app


def _pages(settings: Settings) -> list[BaseRoute]:
    routes: list[BaseRoute] = []
    if settings.playground:
        routes += playground.routes()
    if _has_reader(settings):
        routes += reader.routes(settings.title)
    elif settings.playground:
        # A person who opens the bare origin wants a page. Relative, as a proxy may add a path.
        routes.append(Route("/", lambda _: RedirectResponse("graphql")))
    return routes


def _playground_page(settings: Settings) -> Response:
    audience = settings.anonymous_audience
    takes_tokens = bool(settings.editor_tokens) and audience is not Audience.EDITOR
    return playground.page(audience, takes_tokens=takes_tokens)


def _has_reader(settings: Settings) -> bool:
    return settings.reader and reader.is_built()


def _authenticator(settings: Settings, origins: Origins) -> Authenticator:
    is_implied = settings.audience is None
    return Authenticator(
        anonymous=settings.anonymous_audience,
        local_only=is_implied,
        editor_tokens=settings.editor_tokens,
        hosts=settings.known_hosts,
        # Only a choice that was made gives a page the rights of its visitor: an audience that was
        # set, and an origin that was named.
        trusted_origins=() if is_implied else origins.named,
    )


def _schema_route(settings: Settings, authenticator: Authenticator, schemas: Schemas) -> Route:
    async def schema(request: Request) -> Response:
        if not settings.introspection:
            authenticator.require_editor(request.headers)
        if not schemas.is_known:
            message = "The schema cannot be read from MongoDB; try again in a few seconds."
            raise Refusal(503, message, ErrorCode.UNAVAILABLE)
        return Response(schemas.sdl, media_type="application/graphql; charset=utf-8")

    return Route("/schema.graphql", schema)


def _metrics_route(
    authenticator: Authenticator, store: ServedStore, freshness: Freshness | None
) -> Route:
    scrape = Scrape(store.state, store.missing_indexes, freshness)

    async def metrics(request: Request) -> Response:
        # Operation names and their frequency are not for the public.
        authenticator.require_editor(request.headers)
        return await scrape.response()

    return Route("/metrics", metrics)
