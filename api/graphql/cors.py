"""Cross-origin resource sharing (Fetch standard, section 3.2): what pages elsewhere may send."""

from collections.abc import Iterable
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api.graphql.csrf import PREFLIGHT_HEADERS
from api.graphql.origins import Origins

HEADERS: Final = (
    "authorization",
    "content-type",
    "x-request-id",
    "newsgraph-audience",
    "last-event-id",
    *PREFLIGHT_HEADERS,
    # Apollo's clients, with `clientAwareness`.
    "apollographql-client-name",
    "apollographql-client-version",
    # W3C Trace Context and Baggage, as OpenTelemetry sends them; Sentry's own.
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-trace",
)
"""The headers that pages may send. A header without a meaning here is ignored."""


def cors_middleware(origins: Origins, more_headers: Iterable[str]) -> list[Middleware]:
    """Return the middleware that lets pages of these origins call; none without origins.

    `more_headers` are headers that they may send besides `HEADERS`; `*` stands for all.
    """
    if not origins.entries:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins.listed,
            allow_origin_regex=origins.regex,
            allow_methods=["GET", "POST", "QUERY"],
            allow_headers=[*HEADERS, *more_headers],
            expose_headers=["etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"],
            max_age=3600,
        )
    ]
