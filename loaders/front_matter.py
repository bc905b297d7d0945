"""Split a file into front matter, the YAML or TOML between two marker lines, and the body below."""

import re
from typing import NamedTuple

from loaders.diagnostics import BadInput, Problem

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\r?\n|\Z)")
_CLOSING = {
    "---": re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"),
    "+++": re.compile(r"\n\+\+\+[ \t]*(?:\r?\n|\Z)"),
}
_NAMES = {"---": "three hyphens", "+++": "three plus signs"}


class FrontMatter(NamedTuple):
    """The two parts of a file. `lines_above` counts the lines of the file before the front matter.

    `text` is YAML, or TOML if `is_toml`.
    """

    text: str
    lines_above: int
    body: str
    is_toml: bool = False


def split(text: str) -> FrontMatter | None:
    """Split a text; returns None when it does not begin with front matter.

    Raises BadInput when the front matter is not closed.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    marker = opening[1]
    start = opening.end()
    # The search begins at the line break before, so that empty front matter is closed as well.
    closing = _CLOSING[marker].search(text, start - 1)
    if closing is None:
        line = f"a line of {_NAMES[marker]} ({marker})"
        message = f"is not closed; write {line} after the last key"
        raise BadInput(Problem(1, 1, "front matter", message, "unclosed"))
    front = text[start : closing.start() + 1]
    return FrontMatter(front, 1, text[closing.end() :], marker == "+++")


def body_of(text: str) -> str | None:
    """Return a body with LF line ends and no blank lines around it, or None when it is empty.

    The first line keeps its indentation: in Markdown it makes a code block.
    """
    body = text.replace("\r\n", "\n").rstrip()
    stripped = body.lstrip()
    return body[body.rfind("\n", 0, len(body) - len(stripped)) + 1 :] if stripped else None
