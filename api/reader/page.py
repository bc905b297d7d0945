"""The page, its addresses and its Content-Security-Policy."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

DIST = Path(__file__).parent / "dist"

# The page itself chooses what to show for an address (web/src/main.tsx). Others are not found.
PATHS = (
    "/",
    "/items/{name}",
    "/sections/{category}",
    "/tags/{tag}",
    "/topics",
    "/topics/{slug}",
    "/providers",
    "/providers/{domain}",
    "/authors",
    "/authors/{slug}",
    "/archive",
    "/archive/{month}",
    "/search",
)

# The pictures of items come from their own sites. Bodies are sanitized when they are read; should
# something slip through, it can neither run nor send anything, as scripts, styles and connections
# are limited to this origin.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
    " connect-src 'self'; img-src 'self' https: http: data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

# The masthead reads the name of the site from here (web/src/parts/Masthead.tsx).
_NAME: Final = 'name="application-name" '

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Vary": "Accept",  # api/feeds has the same items as Markdown
    "Cross-Origin-Opener-Policy": "same-origin",
    # Sites learn from which origin a reader comes, as is usual on the web, but not which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def is_built() -> bool:
    """Return whether `make reader` has built the page."""
    return (DIST / "index.html").is_file()


def page_of(title: str | None) -> Callable[[Request], Response]:
    """Return what responds with the page of a site of that name.

    The file is read each time: it is smaller than a kilobyte, and a new build shows without a
    restart.
    """
    name = f'{_NAME}content="{escape(title or "")}"'

    def page(_: Request) -> Response:
        html = (DIST / "index.html").read_text(encoding="utf-8")
        return HTMLResponse(html.replace(f'{_NAME}content=""', name), headers=_HEADERS)

    return page
