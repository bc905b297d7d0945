"""Which hosts only this machine can reach."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`, a name or an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        # RFC 6761, section 6.3: these names always mean the machine that looks them up.
        return host.lower() == "localhost" or host.lower().endswith(".localhost")
