"""Cross-site request forgery: a web page must not use its visitor's place in the network.

The API has no cookies and no mutations, so a forged request could only ask what anybody may ask;
but on a loopback or private address, being able to connect is itself a right. A page of another
origin can send three kinds of request without asking first (Fetch standard, "CORS-safelisted"):
POST as a form or plain text, which `request.py` refuses for its media type, and GET. So a GET that
a browser sends for another origin's page is refused unless CORS allows that origin, or unless it
carries a header for which the browser had to ask first.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

# What Apollo's clients send; any of them makes a cross-origin request ask first.
PREFLIGHT_HEADERS = ("apollo-require-preflight", "x-apollo-operation-name", "graphql-preflight")

_OWN = ("same-origin", "none")  # `none`: the person typed the address or opened a bookmark


def refuse_forgery(headers: Headers, allowed_origins: Collection[str]) -> None:
    """Raise Refusal for a request that another origin's page sent without leave."""
    origin = headers.get("origin")
    if origin is not None:
        if origin in allowed_origins or "*" in allowed_origins or _is_own(origin, headers):
            return
    elif headers.get("sec-fetch-site", "none") in _OWN:
        return  # this origin's page, a person, or no browser at all
    if any(name in headers for name in PREFLIGHT_HEADERS):
        return
    raise Refusal(
        403,
        "A page of another origin sent this request. Add the origin to NEWSGRAPH_CORS_ORIGINS, "
        "or send POST with content-type: application/json, or the header graphql-preflight: 1.",
        ErrorCode.FORBIDDEN,
    )


def _is_own(origin: str, headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN
    return urlsplit(origin).netloc == headers.get("host")
