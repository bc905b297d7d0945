"""The text of a body, without its markup, and how long it takes to read."""

import re
from html import unescape
from math import ceil
from typing import Final, NamedTuple

from bodies.rendering import BodyFormat, TooLong, html_of
from bodies.tidiness import tidied

MAX_OPENING: Final = 500
"""Characters of an opening."""

_WORDS_PER_MINUTE = 213  # Hugo's figures
_IDEOGRAPHS_PER_MINUTE = 500

_REST = r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>"""
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption"
    r"|figure|footer|h[1-6]|header|hgroup|hr|li|nav|ol|p|pre|summary|table|tbody|td|th|thead|tr|ul)"
    rf"(?=[\s/>]){_REST}",
    re.IGNORECASE,
)
_TAG = re.compile(rf"</?[a-zA-Z]{_REST}")
_ANY_TAG = re.compile("<[^<>]*+>")
# What may hold words that are no text.
_NO_TEXT = re.compile("<(?:!|script|style|iframe|no|textarea|title|xmp)", re.IGNORECASE)
_PARAGRAPH = re.compile(
    r"<p(?=[\s>])[^<>]*+>([^<]*+(?:<(?!/?p[\s>])[^<]*+)*+)",
    re.IGNORECASE,
)
_TEMPLATE_CODE = ("{%", "{{", "[[_TOC_]]", "[toc]")
# Chinese and Japanese have no spaces between words, so each of these counts as one.
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


class Measures(NamedTuple):
    """How long a body is, and the first of its paragraphs that has text, shortened."""

    words: int
    minutes: int
    opening: str | None


def body_text(body: str, format_: BodyFormat) -> str:
    """Return the text of a body: a line for each paragraph, heading, list item and table cell.

    Takes time linear in the length of the body. Raises TooLong.
    """
    return _text_of(tidied(html_of(body, format_)))


def measured(body: str, format_: BodyFormat, *, with_opening: bool) -> Measures:
    """Return the measures of a body. In one that is too long to be rendered, markup counts too.

    Each load does this for each item, so it does not make the text that `body_text` returns.
    """
    try:
        html = _html_of(body, format_)
    except TooLong:
        return Measures(*_words_and_minutes(body), None)
    words, minutes = _words_and_minutes(_ANY_TAG.sub(" ", html))
    return Measures(words, minutes, _opening(html) if with_opening else None)


def rough_text(body: str, format_: BodyFormat) -> str:
    """Return the words of a body, where its markup was a space. For search, which reads each body.

    Takes time linear in the length of the body. One that is too long is returned with its markup.
    """
    try:
        return unescape(_ANY_TAG.sub(" ", _html_of(body, format_)))
    except TooLong:
        return body


def shortened(text: str, length: int) -> str:
    """Return a text of at most `length` characters, cut after a word, with `…` where it is cut."""
    if len(text) <= length:
        return text
    cut = text[:length]
    end = cut.rfind(" ")
    return f"{(cut[:end] if end > length // 2 else cut[:-1]).rstrip(' ,;:.')}…"


def _html_of(body: str, format_: BodyFormat) -> str:
    """Return a body as HTML without what holds no text. Raises TooLong."""
    html = html_of(body, format_)
    return tidied(html) if _NO_TEXT.search(html) else html


def _text_of(html: str) -> str:
    lines = _BLOCK.sub("\0", " ".join(html.split())).split("\0")
    texts = (" ".join(unescape(_TAG.sub("", line)).split()) for line in lines)
    return "\n".join(filter(None, texts))


def _words_and_minutes(text: str) -> tuple[int, int]:
    ideographs = 0
    if not text.isascii():
        text, ideographs = _IDEOGRAPH.subn(" ", text)
    words = len(text.split())
    minutes = ceil(words / _WORDS_PER_MINUTE + ideographs / _IDEOGRAPHS_PER_MINUTE)
    return words + ideographs, minutes


def _opening(html: str) -> str | None:
    for paragraph in _PARAGRAPH.finditer(html):
        text = _text_of(paragraph[1]).replace("\n", " ")
        if text and not text.startswith(_TEMPLATE_CODE):
            return shortened(text, MAX_OPENING)
    return None
