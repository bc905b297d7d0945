"""The page and its Content-Security-Policy."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from store.audience import Audience

DIST = Path(__file__).parent / "dist"

# Nothing leaves the origin, and the page has no inline script. Monaco writes <style> elements and
# style attributes as it draws, which no hash or nonce can name in advance: hence 'unsafe-inline'
# for styles. Injected styles do harm by loading from other origins, which this policy forbids.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# The origin of the scripts in Strawberry's page, which pins each one by its integrity hash.
CDN = "https://unpkg.com"

NOTICE_STYLE = """
      html { height: 100%; }
      body { display: flex; flex-direction: column; }
      #notice { margin: 0; padding: 8px 16px; font: 14px/1.5 sans-serif;
                background: #fff3cd; color: #533f03; }
    </style>"""
NOTICE = """<body>
    <p id="notice">
      This GraphiQL comes from a CDN and stays empty without internet access. For newsgraph's own
      playground, which works offline and has example queries, install Node.js 20 or later, run
      <code>make playground</code>, and reload this page.
    </p>"""


# The built page's element, and what it is told about the server.
ELEMENT = '<div id="playground"'
FACTS = ' data-audience="{audience}" data-takes-tokens="{takes_tokens}"'


def page(
    audience: Audience = Audience.PUBLIC, *, takes_tokens: bool = True, dist: Path = DIST
) -> Response:
    """Return the built page in `dist`, or Strawberry's with a notice if there is none.

    `audience` is that of a visitor without a token; `takes_tokens` says whether a token changes it.
    The file is read each time: it is smaller than a kilobyte, and a new build shows without a
    restart.
    """
    try:
        html, policy = (dist / "index.html").read_text(encoding="utf-8"), POLICY
        facts = FACTS.format(audience=audience, takes_tokens=str(takes_tokens).lower())
        html = html.replace(ELEMENT, ELEMENT + facts, 1)
    except FileNotFoundError:
        html = _fallback_page()
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


def _fallback_page() -> str:
    html = get_graphql_ide_html("graphiql")
    # Its frame is as high as the window; the notice needs a part of that.
    html = html.replace("height: 100vh;", "flex: 1; min-height: 0;", 1)
    html = html.replace("</style>", NOTICE_STYLE, 1).replace("<body>", NOTICE, 1)
    # A token typed into its headers pane must not stay on disk.
    return html.replace("shouldPersistHeaders: true", "shouldPersistHeaders: false", 1)


def _policy_for_cdn(html: str) -> str:
    """Return POLICY with the CDN allowed, and the page's inline scripts by their hashes."""
    inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()) for script in inline)
    hashes = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
    return (
        POLICY.replace("script-src 'self'", f"script-src {CDN} {hashes}")
        .replace("style-src 'self'", f"style-src {CDN}")
        .replace("font-src 'self'", "font-src data:")
    )
