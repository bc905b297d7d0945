"""A bare Starlette endpoint that reads a request and responds with the bytes of a file."""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BODY = Path(os.environ["BODY_FILE"]).read_bytes()


async def _respond(request: Request) -> Response:
    await request.body()
    return Response(_BODY, media_type="application/json")


app = Starlette(routes=[Route("/graphql", _respond, methods=["POST"])])
