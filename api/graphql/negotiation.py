"""Content negotiation: the response's media type, its content coding, or the playground."""

from functools import lru_cache
from typing import Final, Literal

MediaType = Literal["application/json", "application/graphql-response+json"]

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
HTML: Final = "text/html"
EVENT_STREAM: Final = "text/event-stream"

VARY: Final = "Accept, Accept-Encoding, Authorization, Newsgraph-Audience"
"""The request headers that a response depends on, if no one is an editor without a token."""

# Clients choose their headers, so the cache has to be bounded.
_remembered = lru_cache(maxsize=256)


@_remembered
def media_type(accept: str | None) -> MediaType | None:
    """Return the response's media type for an Accept header, or None if it accepts neither.

    Without a preference it is application/json, as clients older than the new type expect.
    """
    if not accept:
        return JSON
    json, graphql = _quality(accept, JSON), _quality(accept, GRAPHQL)
    if not json and not graphql:
        return None
    # Of equal quality: the one named first; JSON if neither is named.
    named = [name for name, _ in _ranges(accept) if name in (JSON, GRAPHQL)]
    first_is_graphql = named[:1] == [GRAPHQL]
    return GRAPHQL if graphql > json or (graphql == json and first_is_graphql) else JSON


@_remembered
def prefers_html(accept: str | None) -> bool:
    """Return whether this is a browser that opens the address, rather than a GraphQL client."""
    if not accept or HTML not in accept.lower():
        return False
    return _quality(accept, HTML) > max(_quality(accept, JSON), _quality(accept, GRAPHQL))


@_remembered
def prefers_stream(accept: str | None) -> bool:
    """Return whether the client asks for a stream of events, by name, before all JSON.

    urql names it for each query, after JSON.
    """
    if not accept or EVENT_STREAM not in accept.lower():
        return False
    qualities = {name: q for name, q in _ranges(accept) if name in (EVENT_STREAM, GRAPHQL, JSON)}
    # Of equal quality: the one named first.
    return qualities[EVENT_STREAM] > 0 and max(qualities, key=qualities.__getitem__) == EVENT_STREAM


@_remembered
def takes_gzip(accept_encoding: str | None) -> bool:
    """Return whether the client accepts gzip (RFC 9110, section 12.5.3)."""
    qualities = dict(_ranges(accept_encoding or ""))
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _quality(accept: str, name: str) -> float:
    """Return the quality of the most specific range that matches `name`; 0 for none."""
    found = dict(_ranges(accept))
    group = f"{name.partition('/')[0]}/*"
    return next((found[key] for key in (name, group, "*/*") if key in found), 0.0)


def _ranges(header: str) -> list[tuple[str, float]]:
    ranges = []
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        ranges.append((name, quality))
    return ranges
