"""Cross-site request forgery: a web page must not use its visitor's position in the network.

The API has no cookies and no mutations, so a forged request could only read what anyone may read;
but on a loopback or private address, being able to connect is itself a privilege. A page of another
origin can send three kinds of request without a preflight (Fetch standard, "CORS-safelisted"):
POST as a form or plain text, which `request.py` refuses for its media type, and GET. So a GET that
a browser sends for another origin's page is refused unless CORS allows that origin, or unless it
carries a header that required a preflight.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

# Apollo's clients send these; any of them makes a cross-origin request need a preflight.
PREFLIGHT_HEADERS = ("apollo-require-preflight", "x-apollo-operation-name", "graphql-preflight")

_TRUSTED_SITES = ("same-origin", "none")  # `none`: a typed address or a bookmark


def refuse_forgery(headers: Headers, allowed_origins: Collection[str]) -> None:
    """Raise Refusal for a request that another origin's page sent without permission."""
    origin = headers.get("origin")
    if origin is not None:
        if origin in allowed_origins or "*" in allowed_origins or _is_same_origin(origin, headers):
            return
    elif headers.get("sec-fetch-site", "none") in _TRUSTED_SITES:
        return  # a page of this origin, a typed address, or not a browser
    if any(name in headers for name in PREFLIGHT_HEADERS):
        return
    raise Refusal(
        403,
        "A page of another origin sent this request. Add the origin to NEWSGRAPH_CORS_ORIGINS, "
        "or send POST with content-type: application/json, or the header graphql-preflight: 1.",
        ErrorCode.FORBIDDEN,
    )


def _is_same_origin(origin: str, headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _TRUSTED_SITES
    return urlsplit(origin).netloc == headers.get("host")
