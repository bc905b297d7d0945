"""Which hosts only this machine can reach."""

from functools import lru_cache
from ipaddress import ip_address


@lru_cache(maxsize=256)  # clients choose their Host header, so the cache has to be bounded
def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`, a name or an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        # RFC 6761, section 6.3: these names always mean the machine that looks them up.
        return host.lower() == "localhost" or host.lower().endswith(".localhost")
