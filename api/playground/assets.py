"""The playground's scripts, styles and fonts: cached for ever, gzipped ahead of time."""

from contextlib import suppress
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).parent / "dist"
PREFIX = "/playground"

_HEADERS = {
    # A file's name changes with its content, so a browser need never ask twice.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    # A worker is governed by its own response's policy: it may load and call nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class HashedFiles(StaticFiles):
    """A folder of files named by their content, each with an optional `.gz` beside it."""

    async def check_config(self) -> None:
        """Nothing: the folder that Starlette would insist on may yet be built."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the gzipped twin if the client takes gzip and there is one."""
        response = await self._gzipped(path, scope) or await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response

    async def _gzipped(self, path: str, scope: Scope) -> Response | None:
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return None
        with suppress(HTTPException):
            response = await super().get_response(f"{path}.gz", scope)
            response.headers["Content-Encoding"] = "gzip"
            return response
        return None


def routes() -> list[BaseRoute]:
    """What the page loads, at /playground/NAME-HASH.EXTENSION, and the way to it from /."""
    files = HashedFiles(directory=DIST / "assets", check_dir=False)
    # Who opens the address alone looks for something to see. Relative, as a proxy may add a path.
    home = Route("/", lambda _: RedirectResponse("graphql"))
    return [Mount(PREFIX, files, name="playground"), home]
