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
        return self._of(headers.get("host", ""), scheme, headers.get("x-forwarded-proto"))

    def _origin(self, host: str, scheme: str, forwarded_scheme: str | None) -> str | None:
        name, port = split(host)
        if not is_known(name, self._names):
            return None
        is_https = "https" in (scheme, forwarded_scheme)
        return f"{'https' if is_https else 'http'}://{name}{port}"
