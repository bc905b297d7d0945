"""Split a file into front matter, the YAML between two lines of hyphens, and the body below."""

import re
from typing import NamedTuple

from loaders.diagnostics import BadInput, Problem

_OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")


class FrontMatter(NamedTuple):
    """The two parts of a file. `lines_above` counts the lines of the file before the YAML."""

    yaml: str
    lines_above: int
    body: str


def split(text: str) -> FrontMatter | None:
    """Split a text; returns None when it does not begin with front matter.

    Raises BadInput when the front matter is not closed.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    # The search begins at the line break before, so that empty front matter is closed as well.
    closing = _CLOSING.search(text, start - 1)
    if closing is None:
        message = "is not closed; write a line of three hyphens (---) after the last key"
        raise BadInput(Problem(1, 1, "front matter", message, "unclosed"))
    return FrontMatter(text[start : closing.start() + 1], 1, text[closing.end() :])


def body_of(text: str) -> str | None:
    """Return a body with LF line ends and no blank lines around it, or None when it is empty.

    The first line keeps its indentation: in Markdown it makes a code block.
    """
    body = text.replace("\r\n", "\n").rstrip()
    stripped = body.lstrip()
    return body[body.rfind("\n", 0, len(body) - len(stripped)) + 1 :] if stripped else None
