"""What the head of a request must be, beyond the syntax that the parser checks (RFC 9112).

Two programs that read one request differently can be played off against each other, such as a proxy
that takes the first Host header and a server that takes the second. So ambiguity is refused.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

# RFC 3986, section 3.2.2, with an optional port. It may be empty (RFC 9112, section 3.2).
_HOST = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?"
)
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_CHECKED = frozenset({b"host", b"authorization", b"transfer-encoding"})


class Fault(NamedTuple):
    """Why a request is refused."""

    status: int
    message: str
    """One sentence for the client's developer."""


NOT_HTTP = Fault(400, "The request is not valid HTTP/1.1.")
TOO_LARGE = Fault(431, "The request line and the headers are too large.")
TOO_SLOW = Fault(408, "The headers did not arrive in time.")

Headers = Sequence[tuple[bytes, bytes]]


def size_of(target: bytes, headers: Headers) -> int:
    """Return the bytes that a request line and its headers take, within a few."""
    return len(target) + sum([len(name) + len(value) + 4 for name, value in headers])


@lru_cache(maxsize=256)  # clients choose their headers, so the cache has to be bounded
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value) is not None


def fault_in(version: Callable[[], str], target: bytes, headers: Headers) -> Fault | None:
    """Return what is wrong with a head whose header names are in lower case, if anything is.

    `version` returns that of HTTP, such as "1.1".
    """
    checked = [header for header in headers if header[0] in _CHECKED]
    if len(checked) == 1 and target[:1] == b"/":  # nearly always: all that needs a look is the host
        name, value = checked[0]
        if name == b"host" and _is_host(value):
            return None
    return _closer_look(version(), target, checked)


def _closer_look(version: str, target: bytes, checked: Headers) -> Fault | None:
    hosts = [value for name, value in checked if name == b"host"]
    if len(hosts) > 1:
        return Fault(400, "There is more than one Host header.")
    if not hosts and version != "1.0":
        return Fault(400, "There is no Host header.")
    if hosts and not _is_host(hosts[0]):
        return Fault(400, "The Host header is not a host and an optional port.")
    if target[:1] != b"/" and (absolute := _ABSOLUTE.match(target)):  # noqa: SIM102
        if [absolute[1].lower()] != [host.lower() for host in hosts]:
            return Fault(400, "The request target and the Host header name different hosts.")
    return None if len(checked) == len(hosts) else _fault_in_rest(version, checked)


def _fault_in_rest(version: str, checked: Headers) -> Fault | None:
    if sum(name == b"authorization" for name, _ in checked) > 1:
        return Fault(400, "There is more than one Authorization header.")
    codings = [value.lower() for name, value in checked if name == b"transfer-encoding"]
    if codings and version == "1.0":
        return Fault(400, "HTTP/1.0 has no Transfer-Encoding.")
    if len(codings) > 1:
        return Fault(400, "There is more than one Transfer-Encoding header.")
    if codings and codings[0] != b"chunked":
        return Fault(501, "The only Transfer-Encoding that is understood is chunked.")
    return None
