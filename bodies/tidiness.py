"""Bound what a document in HTML costs to parse, whatever is in it.

The sanitizer's parser follows the HTML standard, so a few hundred kilobytes can cost it minutes and
gigabytes: it looks through all open elements at each tag, and copies formatting elements that are
not closed in order into each block that follows (HTML Standard, "Reconstruct the active formatting
elements"). What `tidied` returns has tags of one simple form, closed in order and not deep.
"""

import re
from typing import Final

import nh3

MAX_DEPTH: Final = 100
"""Elements inside one another; the tags of deeper ones are left out."""

MAX_FORMATTING: Final = 10
"""Formatting elements inside one another: the parser copies them, and their attributes."""

_MAX_FORMATTING_TAG = 100
_MAX_LINK_TAG = 2_200  # an address has up to 2,048 characters

TAGS: Final = frozenset(nh3.ALLOWED_TAGS)
"""The elements that may be shown. Of others, only the content is."""

_VOID = frozenset(("area", "br", "col", "hr", "img", "wbr"))
_CLOSED_BY_ITSELF = frozenset(("dd", "dt", "li", "p", "td", "th", "tr"))
# HTML Standard, "The stack of open elements", category "formatting".
_FORMATTING = frozenset(["a", "b", "code", "em", "i", "s", "small", "strike", "strong", "tt", "u"])
_SPACE = r"[ \t\n\r\f]"
_TOKEN = re.compile(
    rf"""
    <!--(?:-?>|.*?(?:--!?>|\Z))                       # a comment
  | <(?:[!?]|/[^a-zA-Z])[^>]*+>?                      # what the standard calls a bogus comment
  | <(?P<raw>script|style|iframe|noembed|noframes|noscript|textarea|title|xmp)
    (?=[ \t\n\r\f/>]).*?(?:</(?P=raw)(?=[ \t\n\r\f/>])[^>]*+>?|\Z)
  | <(?P<end>/?)(?P<name>[a-zA-Z][^ \t\n\r\f/<>]*+)
    (?:
      [ \t\n\r\f/]*+[^ \t\n\r\f"'<>/=]++
      (?:{_SPACE}*+={_SPACE}*+(?:"[^"]*+"|'[^']*+'|[^ \t\n\r\f"'=<>`]++))?+
    ){{0,64}}+
    [ \t\n\r\f/]*+>
  | <
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def tidied(html: str) -> str:
    """Return HTML with balanced tags of known elements, at most `MAX_DEPTH` deep.

    Comments, scripts and styles are left out, with what is in them. Takes time linear in the
    length of the HTML. This does not make it safe: attributes stay as they are.
    """
    parts: list[str] = []
    opened: list[str] = []
    position = 0
    for token in _TOKEN.finditer(html):
        start, end = token.span()
        parts.append(html[position:start])
        position = end
        name = token["name"]
        if name is None:
            if end - start == 1:
                parts.append("&lt;")
            continue
        name = name.lower()
        if name not in TAGS:
            continue
        if name in _VOID:
            if not token["end"]:
                parts.append(token[0])
        elif token["end"]:
            if name in opened:
                _close(name, opened, parts)
        else:
            _open(name, token[0], opened, parts)
    parts.append(html[position:])
    parts.extend(f"</{name}>" for name in reversed(opened))
    return "".join(parts)


def _open(name: str, tag: str, opened: list[str], parts: list[str]) -> None:
    if name in _CLOSED_BY_ITSELF and opened and opened[-1] == name:
        _close(name, opened, parts)
    if len(opened) >= MAX_DEPTH:
        return
    if name in _FORMATTING:
        if sum(map(_FORMATTING.__contains__, opened)) >= MAX_FORMATTING:
            return
        if len(tag) > (_MAX_LINK_TAG if name == "a" else _MAX_FORMATTING_TAG):
            tag = f"<{name}>"
    opened.append(name)
    parts.append(tag)


def _close(name: str, opened: list[str], parts: list[str]) -> None:
    while True:
        closed = opened.pop()
        parts.append(f"</{closed}>")
        if closed == name:
            return
