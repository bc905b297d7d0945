"""Requests for a shortcut do not pass through the router, but through the same middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.application import Application

pytestmark = pytest.mark.anyio


class Recorder:
    """Middleware that records the paths of the requests, and their unexpected errors."""

    def __init__(self, app: ASGIApp, seen: list[str]) -> None:
        self.app, self.seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope.get("path", scope["type"]))
        try:
            await self.app(scope, receive, send)
        except ValueError as error:
            self.seen.append(str(error))
            await PlainTextResponse("caught", 500)(scope, receive, send)


async def test_shortcuts_and_routes_have_the_same_middleware() -> None:
    seen: list[str] = []

    async def fail(_: Request) -> PlainTextResponse:
        raise ValueError("a mistake")

    async def refuse(_: Request) -> PlainTextResponse:
        raise HTTPException(418)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        seen.append("starts")
        yield

    app = Application(
        shortcuts={"/short": PlainTextResponse("short")},
        routes=[Route("/fail", fail), Route("/refuse", refuse)],
        middleware=[Middleware(Recorder, seen=seen)],
        lifespan=lifespan,
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert (await client.get("/short")).text == "short"
        assert (await client.get("/fail")).text == "caught"
        assert (await client.get("/refuse")).status_code == 418
        assert (await client.get("/nothing")).status_code == 404
    assert seen == ["starts", "/short", "/fail", "a mistake", "/refuse", "/nothing"]
