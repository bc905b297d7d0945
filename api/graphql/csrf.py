"""Cross-site request forgery: a web page must not use its visitor's position in the network.

The API has no cookies and no mutations, so a forged request could only read what anyone may read;
but on a loopback or private address, being able to connect is itself a privilege. A page of another
origin can send three kinds of request without a preflight (Fetch standard, "CORS-safelisted"):
POST as a form or plain text, which `request.py` refuses for its media type, and GET. So a GET that
a browser sends for another origin's page is refused unless CORS allows that origin, or unless it
carries a header that required a preflight.
"""

from api.graphql.headers import Headers
from api.graphql.origins import Origins
from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

# Apollo's clients send these; any of them makes a cross-origin request need a preflight.
PREFLIGHT_HEADERS = ("apollo-require-preflight", "x-apollo-operation-name", "graphql-preflight")

_TRUSTED_SITES = ("same-origin", "none")  # `none`: a typed address or a bookmark


def refuse_forgery(headers: Headers, allowed: Origins) -> None:
    """Raise Refusal for a request that another origin's page sent without permission."""
    if not is_from_another_origin(headers):
        return
    origin = headers.get("origin")
    if origin is not None and allowed.allow(origin):
        return
    if any(name in headers for name in PREFLIGHT_HEADERS):
        return
    raise Refusal(
        403,
        "A page of another origin sent this request. Add the origin to NEWSGRAPH_CORS_ORIGINS, "
        "or send POST with content-type: application/json, or the header graphql-preflight: 1.",
        ErrorCode.FORBIDDEN,
    )


def is_from_another_origin(headers: Headers) -> bool:
    """Return whether a browser sent this request for a page of another origin."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _TRUSTED_SITES
    origin = headers.get("origin")
    # Without the scheme: behind a proxy, this server does not know its own.
    return origin is not None and origin.partition("://")[2] != headers.get("host")
