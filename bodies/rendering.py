"""Turn a body into HTML, as its format says. The HTML is not safe to show: `bodies.safety` is next.

Shortcodes, Liquid and wiki links are the code of a generator's templates, so they stay as text.
"""

import re
from enum import Enum
from html import escape
from typing import Final

import pyromark

MAX_BODY: Final = 256 * 1024
"""Characters of a body that is rendered. Longer ones are data or generated, and cost too much."""

MAX_HTML: Final = 4 * MAX_BODY
"""Characters of the HTML of a body: footnotes and references make it longer than the body."""


class TooLong(ValueError):
    """A body is too long to be rendered; the message says what the limit is."""


class BodyFormat(Enum):
    """The formats of bodies; the values are those in documents."""

    MARKDOWN = "markdown"
    MDX = "mdx"
    HTML = "html"
    TEXT = "text"


_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MODULE_CODE = re.compile(r"(?:import|export)\b")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def html_of(body: str, format_: BodyFormat) -> str:
    """Return a body as HTML that may hold anything. Takes time linear in its length.

    Raises TooLong.
    """
    if len(body) > MAX_BODY:
        raise TooLong(f"the body has {len(body):,} characters; at most {MAX_BODY:,} are rendered")
    html = _html_of(body, format_)
    check_length(html)
    return html


def check_length(html: str) -> None:
    """Raise TooLong if HTML is longer than `MAX_HTML`."""
    if len(html) > MAX_HTML:
        raise TooLong(f"the body has more than {MAX_HTML:,} characters in HTML")


def _html_of(body: str, format_: BodyFormat) -> str:
    match format_:
        case BodyFormat.HTML:
            return body
        case BodyFormat.TEXT:
            paragraphs = _BLANK_LINES.sub("</p>\n<p>", escape(body, quote=False).strip())
            return f"<p>{paragraphs}</p>".replace("\n", "<br>\n").replace("</p><br>", "</p>")
        case BodyFormat.MDX:
            return _MARKDOWN.html(_without_module_code(body))
        case BodyFormat.MARKDOWN:
            return _MARKDOWN.html(body)


def _without_module_code(body: str) -> str:
    """Return MDX without its `import` and `export` statements, which end at a blank line.

    MDX has them wherever a paragraph may begin (mdxjs.com, "What is MDX?", "ESM").
    """
    kept: list[str] = []
    fence = ""
    is_start, is_code = True, False
    for line in body.split("\n"):
        is_blank = not line.strip()
        if fence:
            closing = line.strip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = ""
        elif opening := _FENCE.match(line):
            fence = opening[1]
        is_code = not fence and not is_blank and (is_code or (is_start and _is_code(line)))
        if not is_code:
            kept.append(line)
        is_start = is_blank
    return "\n".join(kept)


def _is_code(line: str) -> bool:
    return _MODULE_CODE.match(line) is not None
