"""The scripts, styles and fonts of a page: cached forever, compressed by its build."""

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HEADERS = {
    # A file's name changes with its content, so a browser never needs to ask twice.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    # The policy of a web worker is that of its own file: it may load and call nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class HashedFiles(StaticFiles):
    """A folder of files named by their content, each with an optional `.gz` beside it."""

    async def check_config(self) -> None:
        """Do nothing: Starlette requires the folder, but it may be built later."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, compressed if the client accepts gzip and the build compressed it."""
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
