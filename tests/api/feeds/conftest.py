"""The pages of `feeds` over a newsroom, without a server in between."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from api import feeds
from api.graphql.authentication import Authenticator
from api.graphql.cache import ResponseCache
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.negotiation import JSON
from api.graphql.own_origin import OwnOrigin
from api.graphql.refusal import Refusal
from api.graphql.schemas import FixedSchema
from schema.context import Context
from schema.pictures import Pictures
from store.audience import Audience
from tests.schema.newsroom import Newsroom, schema_of

ORIGIN = "http://localhost:8000"
Pages = Callable[..., httpx.AsyncClient]


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return refusal.http_response(JSON)


def pages_of(
    newsroom: Newsroom,
    *,
    has_reader: bool = True,
    anonymous: Audience = Audience.PUBLIC,
    timeout_s: float = 20,
) -> httpx.AsyncClient:
    """Return a client of the pages over a newsroom; nothing is cached."""

    def context(audience: Audience, origin: str | None) -> Context:
        return Context(newsroom.store, audience, pictures=Pictures(None, origin))

    graphql = GraphQLEndpoint(
        schemas=FixedSchema(schema_of(site_fields=newsroom.site_fields), lambda: None),
        context=context,
        authenticator=Authenticator(
            anonymous=anonymous, local_only=False, editor_tokens=("token",), hosts=None
        ),
        cache=ResponseCache(0, lambda: None),
        own_origin=OwnOrigin(()),
        max_body=1,
        timeout_s=timeout_s,
    )
    routes = feeds.routes(
        graphql,
        lambda: newsroom.store.readers(Audience.PUBLIC).items,
        has_reader=has_reader,
        title="The Tide",
    )
    app = Starlette(routes=routes, exception_handlers={Refusal: _refused})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)


@pytest.fixture(scope="module")
async def _newsroom_of_module(mongod: str) -> AsyncIterator[Newsroom]:
    made = Newsroom(mongod, "test_newsroom_feeds")
    yield made
    await made.close()


@pytest.fixture
def newsroom(_newsroom_of_module: Newsroom) -> Newsroom:
    """An empty newsroom."""
    _newsroom_of_module.clear()
    return _newsroom_of_module
