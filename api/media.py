"""The operator's own files under /media, such as images that items refer to."""

import os
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
    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return the file that a path means, or None for it; links that lead out are not followed.

        Hidden files, and files in hidden folders, often have secrets: `.env`, `.git/config`.
        """
        full, status = super().lookup_path(path)
        if status is not None and (_is_hidden(path) or _is_hidden(self._real(full))):
            return "", None
        return full, status

    def _real(self, full: str) -> str:
        """Return where a file really is, relative to the folder."""
        return os.path.relpath(os.path.realpath(full), os.path.realpath(str(self.directory)))

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in Path(path).parts)


def media_route(folder: Path) -> Mount:
    """Return a route that serves a folder, except hidden files and links that lead out of it."""
    return Mount("/media", _Media(directory=folder), name="media")
