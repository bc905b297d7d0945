"""The Host header, which reveals DNS rebinding.

An attacker can let the name of their own page point at the address of this server. The browser then
takes the two for one origin, and the page may read every response. But the Host header still has
the attacker's name. An address needs no check: nobody can let it point elsewhere.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address

from api.graphql.headers import Headers
from api.graphql.refusal import Refusal
from api.loopback import is_loopback
from schema.errors import ErrorCode

# A proxy adds these: the caller is then not on this machine, whatever its address says.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
# RFC 3986, section 3.2: a name, or an address that has brackets if it is IPv6; then a port.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+?)\.?(:[0-9]*)?", re.ASCII | re.IGNORECASE)
_SHOWN = 100  # characters of a client's header that a message repeats


def require_local(headers: Headers) -> None:
    """Raise Refusal unless the request comes from this machine and is addressed to it."""
    name, _ = split(headers.get("host", ""))
    if is_loopback(name) and not any(header in headers for header in _FORWARDED):
        return
    raise Refusal(
        403,
        "NEWSGRAPH_AUDIENCE is not set, so this server serves only its own machine. "
        "To serve others, set it to public (or to editor).",
        ErrorCode.FORBIDDEN,
    )


def require_known(headers: Headers, names: Collection[str]) -> None:
    """Raise Refusal unless the Host header has one of these names, a loopback name, or an address.

    `names` are in lower case.
    """
    name, _ = split(headers.get("host", ""))
    if is_known(name, names):
        return
    shown = headers.get("host", "")[:_SHOWN]
    raise Refusal(
        403,
        f"The host {shown!r} is not one of this server's names. If it should be, "
        "add it to NEWSGRAPH_HOSTS.",
        ErrorCode.FORBIDDEN,
    )


def is_known(name: str, names: Collection[str]) -> bool:
    """Return whether a name is one of `names`, a loopback name, or an address."""
    return name in names or is_loopback(name) or _is_address(name)


def split(host: str) -> tuple[str, str]:
    """Return the name in a Host header, in lower case, and its port with the colon.

    Either is "" if it is absent; both are if the header is malformed.
    """
    found = _HOST.fullmatch(host)
    return (found[1].lower(), found[2] or "") if found else ("", "")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
