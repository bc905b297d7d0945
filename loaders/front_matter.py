"""Front matter: the YAML between two lines of hyphens, and the body below it."""

import re
from typing import NamedTuple

from loaders.diagnostics import BadInput, Fault

_OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")


class FrontMatter(NamedTuple):
    """A file's two parts. `line` is how many lines of the file come before the YAML."""

    yaml: str
    line: int
    body: str


def split(text: str) -> FrontMatter | None:
    """Divide a text into front matter and body; None when it does not begin with front matter.

    Raises BadInput when the front matter is never closed.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    # From the line break before, which front matter with nothing in it has too.
    closing = _CLOSING.search(text, start - 1)
    if closing is None:
        raise BadInput(
            Fault(
                1,
                1,
                "front matter",
                "is never closed; write a line of three hyphens after its last key",
                "unclosed",
            )
        )
    return FrontMatter(text[start : closing.start() + 1], 1, text[closing.end() :])


def body_of(text: str) -> str | None:
    """Give a body with LF line ends and without blank lines around it; None when nothing is left.

    The first line's indentation stays: in Markdown it makes a code block.
    """
    body = text.replace("\r\n", "\n").rstrip()
    stripped = body.lstrip()
    return body[body.rfind("\n", 0, len(body) - len(stripped)) + 1 :] if stripped else None
