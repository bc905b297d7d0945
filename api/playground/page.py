"""The page itself, and what its Content-Security-Policy lets it do."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from api.playground.assets import DIST

# Nothing leaves the origin and no script stands in the page. Monaco writes <style> elements and
# style attributes as it draws, which no hash or nonce can name beforehand: hence 'unsafe-inline'
# for styles alone. What makes injected styles harmful, loading from elsewhere, is closed with them.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Where Strawberry's page has its scripts; each is pinned there by its integrity hash.
CDN = "https://unpkg.com"

NOTICE_STYLE = """
      html { height: 100%; }
      body { display: flex; flex-direction: column; }
      #notice { margin: 0; padding: 8px 16px; font: 14px/1.5 sans-serif;
                background: #fff3cd; color: #533f03; }
    </style>"""
NOTICE = """<body>
    <p id="notice">
      This GraphiQL comes from a CDN, and stays empty without internet. For newsgraph's own, which
      needs none and has example queries: run <code>make playground</code> (or
      <code>make install</code>) where Node.js 20 or newer is present, then reload.
    </p>"""


def page(dist: Path = DIST) -> Response:
    """The playground, ours if `make playground` was run, else Strawberry's under a notice.

    `dist` is the folder that the build writes. It is looked at anew each time: the page is under a
    kilobyte, and a build then shows without a restart.
    """
    try:
        html, policy = (dist / "index.html").read_text(encoding="utf-8"), POLICY
    except FileNotFoundError:
        html = _strawberrys_page()
        policy = _policy_for_cdn(html)
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": policy,
            "Cache-Control": "no-cache",
            "Vary": "Accept",  # /graphql is the API too
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _strawberrys_page() -> str:
    html = get_graphql_ide_html("graphiql")
    # Its own frame is one screen high; the notice takes a part of that.
    html = html.replace("height: 100vh;", "flex: 1; min-height: 0;", 1)
    html = html.replace("</style>", NOTICE_STYLE, 1).replace("<body>", NOTICE, 1)
    # A token typed into its headers pane is not to stay on disk.
    return html.replace("shouldPersistHeaders: true", "shouldPersistHeaders: false", 1)


def _policy_for_cdn(html: str) -> str:
    """POLICY with that one CDN, and the page's inline script by its hash."""
    inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()) for script in inline)
    hashes = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
    return (
        POLICY.replace("script-src 'self'", f"script-src {CDN} {hashes}")
        .replace("style-src 'self'", f"style-src {CDN}")
        .replace("font-src 'self'", "font-src data:")
    )
