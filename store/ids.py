"""Deterministic ids: an `_id` follows from a URL or name, so links resolve without a table."""

import base64
import contextlib
import hashlib
import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAX_URL_LENGTH: Final = 2_048
"""Characters of a URL, or of a domain, that is stored or asked for."""

MAX_NAME_LENGTH: Final = 500
"""Characters of a name, slug, category or type that is stored or asked for."""

MAX_ID_LENGTH: Final = 10_000
"""Characters of an id: a name's slug can have 18 characters for one of the name's."""

_MAX_AUTHORITY_LENGTH: Final = 300
"""Characters of a URL's host, of which DNS allows 253 (RFC 1035, section 3.1), with its port.

Normalizing a host takes time that grows with the square of its length.
"""

# Query parameters that record how a reader came to a page, never which page it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga)\Z",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# RFC 3986, section 2.3: escaping these never changes what a URL identifies.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# A host in lower case, and a path with nothing to normalize but its end: most URLs are like this.
_NORMAL = re.compile(
    rf"https?://((?=[^/]{{1,{_MAX_AUTHORITY_LENGTH}}}(?:/|\Z))[a-z0-9-]++(?:\.[a-z0-9-]++)*+"
    r"(?:/(?!\.)[A-Za-z0-9_~.-]*+)*+)"
)
# RFC 3986, appendix B. Like `urlsplit`, it ignores tabs and line breaks.
_AUTHORITY = re.compile(r"(?:[^:/?#]*:)?[\t\r\n]*/[\t\r\n]*/([^/?#]*)")


def canonical_url(url: str) -> str:
    """Return the form that all equivalent spellings of `url` share (RFC 3986, section 6).

    It has the scheme `https`, a host in lower case, percent-escapes in one form, and no default
    port, fragment, tracking parameters or trailing slash.

    Takes time that is linear in the URL's length. Raises ValueError when `url` has no http(s)
    scheme, no host, or a host that is longer than any host can be.
    """
    if normal := _NORMAL.fullmatch(url):
        return f"https://{normal[1].rstrip('/')}"
    parts = _split(url)
    scheme = parts.scheme.lower()
    host = parts.hostname
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    query = "&".join(
        pair
        for pair in _normal_escapes(parts.query).split("&")
        if pair and not _TRACKING.match(pair.partition("=")[0])
    )
    path = _without_dot_segments(_normal_escapes(parts.path)).rstrip("/")
    return f"https://{_authority(host, parts.port, scheme)}{path}{'?' if query else ''}{query}"


def url_domain(url: str) -> str | None:
    """Return the domain of a URL's provider: its host in lower case without `www.`, or None."""
    try:
        host = _split(url).hostname
    except ValueError:
        return None
    return canonical_domain(host) if host else None


def canonical_domain(domain: str) -> str:
    """Return a domain in lower case, without a leading `www.` or a trailing dot."""
    return domain.strip().lower().rstrip(".").removeprefix("www.")


def slug(name: str) -> str:
    """Return a name's slug: case-folded letters and digits of any script, joined by hyphens.

    `+` and `#` become words so that C, C++ and C# stay three topics. The slug of a name without
    letters and digits is its hash.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = text.replace("+", " plus ").replace("#", " sharp ").replace("&", " and ")
    return "-".join(re.findall(r"[^\W_]+", text)) or _short_hash(name)


def kind_in(id_: str) -> str:
    """Return the kind of object that an id names, such as `item`; it need not be a known one."""
    return id_.partition(":")[0]


def name_in(id_: str) -> str:
    """Return the rest of an id: an item's hash, a provider's domain, a topic's slug."""
    return id_.partition(":")[2]


def item_id(url: str) -> str:
    """Return the id of the item at `url`. Raises ValueError like `canonical_url`."""
    return f"item:{_short_hash(canonical_url(url))}"


def item_id_of_path(path: str, root_name: str = "") -> str:
    """Return the id of an item without a URL; `path` is its file's, from the load root.

    `root_name` keeps the roots apart; it is empty for what has none, such as standard input.
    """
    return f"item:{_short_hash(f'file:{root_name}//{path}' if root_name else f'file:{path}')}"


def provider_id(domain: str) -> str:
    """Return the id of the provider at a domain, or at the domain of a URL."""
    host = url_domain(domain) if "/" in domain else None
    return f"provider:{host or canonical_domain(domain)}"


def topic_id(name: str) -> str:
    """Return the id of the topic with this name or slug."""
    return f"topic:{slug(name)}"


def author_id(name: str) -> str:
    """Return the id of the author with this name or slug."""
    return f"author:{slug(name)}"


def _short_hash(text: str) -> str:
    # 80 bits: among ten million items, two share an id with a chance of about 1 in 2 * 10^10.
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii").lower()


def _split(url: str) -> SplitResult:
    url = url.strip()
    authority = _AUTHORITY.match(url)
    if authority and len(authority[1]) > _MAX_AUTHORITY_LENGTH:
        raise ValueError(f"its host is longer than {_MAX_AUTHORITY_LENGTH} characters")
    return urlsplit(url)


def _authority(host: str, port: int | None, scheme: str) -> str:
    host = host.rstrip(".")
    if not host.isascii():
        # A host that IDNA rejects stays as it is: equal spellings still compare as text.
        with contextlib.suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    return host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"


def _normal_escapes(text: str) -> str:
    text = text.replace(" ", "%20")  # as browsers do
    if text.isascii() and "%" not in text:
        return text

    return _NON_ASCII.sub(_escaped, _ESCAPE.sub(_one_form, text))


def _escaped(match: re.Match[str]) -> str:
    return "%" + match[0].encode("utf-8", "replace").hex("%").upper()


def _one_form(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _without_dot_segments(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)
