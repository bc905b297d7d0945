"""Make HTML safe to show on any page, with whole addresses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urljoin

import nh3

from bodies.rendering import BodyFormat, check_length, html_of
from bodies.tidiness import TAGS, tidied

_PREFIX = "user-content-"
_NO_BASES: Final[Mapping[str, str]] = MappingProxyType({})
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "div": {"id"},
    "li": {"id"},
    "sup": {"id"},
}
for _heading in ("h1", "h2", "h3", "h4", "h5", "h6"):
    _ATTRIBUTES[_heading] = {"id"}
_FOOTNOTE_CLASSES = {
    "div": {"footnote-definition"},
    "sup": {"footnote-reference", "footnote-definition-label"},
}


def safe_html(
    body: str, format_: BodyFormat, base: str | None, bases: Mapping[str, str] = _NO_BASES
) -> str:
    """Return a body as HTML that is safe to show.

    Nothing in it runs code, sets styles, embeds other pages, or has an id that is not prefixed.
    Relative addresses are resolved against `base`, the address of its page; without one, they stay
    as they are. Those that begin with a key of `bases` have a base of their own. Takes time linear
    in the length of the body. Raises TooLong.
    """
    html = _clean(tidied(html_of(body, format_)), base, bases)
    check_length(html)
    return html


def _clean(html: str, page: str | None, bases: Mapping[str, str]) -> str:
    def whole(url: str) -> str | None:
        """Return what a relative address stands for; called with no others."""
        if url.startswith("#"):
            return f"#{_PREFIX}{url[1:]}"
        base = next((of for start, of in bases.items() if url.startswith(start)), page)
        if base is None:
            return url
        try:
            joined = urljoin(base, url)
        except ValueError:
            return None
        return joined if joined.startswith(("https://", "http://")) else None

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_FOOTNOTE_CLASSES,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative=whole,
        id_prefix=_PREFIX,
    )
