"""The addresses of feeds, sitemaps, items as Markdown, and llms.txt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope
from typing_extensions import override

from api.feeds import atom, json_feed, markdown, sitemap
from api.feeds.addresses import Addresses
from api.feeds.feed import Feed, feed_of
from api.feeds.questions import FEEDS, ITEM, SUMMARY, not_found
from api.feeds.service import Service
from api.feeds.sitemap import Items
from api.graphql.endpoint import GraphQLEndpoint
from store.audience import Audience
from store.labels import EVERY_ITEM
from store.orders import ItemOrder
from store.reading.listing import Listing

Endpoint = Callable[[Request], Awaitable[Response]]

_XML: Final = "application/xml"
_FORMATS: Final[Mapping[str, tuple[str, Callable[[Feed], bytes]]]] = {
    "atom": (atom.MEDIA_TYPE, atom.atom),
    "json": (json_feed.MEDIA_TYPE, json_feed.json_feed),
}
# The oldest first, so that only the last file changes when items are added.
_ALL: Final = Listing(Audience.PUBLIC, order=ItemOrder.OLDEST)


def routes(
    graphql: GraphQLEndpoint, items: Callable[[], Items], *, has_reader: bool, title: str | None
) -> list[BaseRoute]:
    """Return the routes.

    `items` returns a reader of the items that the public sees; `title` is the name of the site.
    """
    service = Service(graphql, has_reader, title or "News")
    item = _item(service)
    return [
        Route("/feeds/items.{extension}", _feed(service)),
        Route("/feeds/{kind}/{key}.{extension}", _feed(service)),
        Route("/sitemap.xml", _sitemap(service, items)),
        Route("/sitemaps/{number:int}.xml", _sitemap_file(service, items)),
        Route("/llms.txt", _llms(service)),
        Route("/items/{name}.md", item),
        _MarkdownRoute("/items/{name}", item),
    ]


class _MarkdownRoute(Route):
    """A route for callers who accept Markdown; the page of the same address is for all others."""

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        accepted = [value for name, value in scope.get("headers", ()) if name == b"accept"]
        if not any(markdown.MEDIA_TYPE.encode() in value.lower() for value in accepted):
            return Match.NONE, {}
        return super().matches(scope)


def _feed(service: Service) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        kind, key = request.path_params.get("kind", "items"), request.path_params.get("key")
        extension = request.path_params["extension"]
        if extension not in _FORMATS or kind not in FEEDS or (kind == "items") != (key is None):
            raise not_found()
        media_type, write = _FORMATS[extension]

        async def make(addresses: Addresses) -> bytes:
            named = {} if key is None else {"key": key}
            data = await service.ask_with_bodies(FEEDS[kind], addresses, **named)
            feed = feed_of(kind, extension, data, addresses, service.title)
            if feed is None:
                raise not_found()
            return write(feed)

        return await service.respond(request, media_type, make)

    return endpoint


def _sitemap(service: Service, items: Callable[[], Items]) -> Endpoint:
    async def make(addresses: Addresses) -> bytes:
        reader = items()
        (number,) = await reader.counts([EVERY_ITEM], _ALL)
        files = -(-number // sitemap.MAX_URLS)
        if files > 1:
            return sitemap.sitemap_index(files, addresses)
        return await _urls(reader, 0, addresses)

    async def endpoint(request: Request) -> Response:
        return await service.respond(request, _XML, make)

    return endpoint


def _sitemap_file(service: Service, items: Callable[[], Items]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        number = request.path_params["number"]
        if not 1 <= number <= sitemap.MAX_FILES:
            raise not_found()
        return await service.respond(
            request, _XML, lambda addresses: _urls(items(), number - 1, addresses)
        )

    return endpoint


async def _urls(reader: Items, file: int, addresses: Addresses) -> bytes:
    found = await sitemap.read(reader, _ALL, file)
    if not found and file:
        raise not_found()
    # Half a second for a full one: in a thread, as the event loop has other callers.
    return await asyncio.to_thread(sitemap.urlset, found, addresses)


def _llms(service: Service) -> Endpoint:
    async def make(addresses: Addresses) -> bytes:
        data = await service.ask(SUMMARY, addresses)
        return markdown.llms_txt(data, addresses, service.title).encode()

    async def endpoint(request: Request) -> Response:
        return await service.respond(request, "text/plain", make)

    return endpoint


def _item(service: Service) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        id_ = f"item:{request.path_params['name'].removeprefix('item:')}"

        async def make(addresses: Addresses) -> bytes:
            item = (await service.ask(ITEM, addresses, id=id_))["item"]
            if item is None:
                raise not_found()
            return markdown.item_markdown(item, addresses).encode()

        return await service.respond(request, markdown.MEDIA_TYPE, make)

    return endpoint
