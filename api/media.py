"""The operator's own files under /media, such as images that items refer to."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HEADERS = {
    # An SVG is a document that may have scripts. Opened by itself it must not run them on this
    # origin, where the playground keeps an editor's token.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "public, max-age=300",
    # Client apps on other origins show these images.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class _Media(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def media_route(folder: Path) -> Mount:
    """Return a route that serves a folder. Links that lead out of it are not followed."""
    return Mount("/media", _Media(directory=folder), name="media")
