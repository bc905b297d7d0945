"""The origin of this server, as a caller addressed it.

The Host header says it, and an attacker can write anything there. So a name counts only if it is
known, and the origin is a part of the key of cached responses.
"""

from collections.abc import Collection
from functools import lru_cache

from api.graphql.headers import Headers
from api.graphql.hosts import is_known, split


class OwnOrigin:
    """Returns the origin that a request was sent to."""

    def __init__(self, names: Collection[str]) -> None:
        """`names` are the server's, besides loopback names and IP addresses, in lower case."""
        self._names = names
        self._of = lru_cache(maxsize=256)(self._origin)

    def of(self, headers: Headers, scheme: str) -> str | None:
        """Return the origin, such as `https://news.example`; None for an unknown name.

        `scheme` is that of the connection. A proxy that ends TLS says so in `X-Forwarded-Proto`.
        """
        is_https = scheme == "https" or headers.get("x-forwarded-proto") == "https"
        return self._of(headers.get("host", ""), "https" if is_https else "http")

    def _origin(self, host: str, scheme: str) -> str | None:
        name, port = split(host)
        return f"{scheme}://{name}{port}" if is_known(name, self._names) else None
