"""The first heading of a text in Markdown (CommonMark 0.31, sections 4.2, 4.3 and 4.5)."""

import re
from typing import NamedTuple

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ATX = re.compile(r" {0,3}#(?:[ \t]+(.*))?$")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_SETEXT = re.compile(r" {0,3}=+[ \t]*$")
# What cannot be the first line of a paragraph, and so not the text of a setext heading.
_NOT_A_PARAGRAPH = re.compile(
    r"\s*$| {4}|\t| {0,3}(?:#{1,6}(?:\s|$)|>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]|<|\|)"
)
# Finding pairs of marks takes time quadratic in the length of a line.
_MAX_MARKED_UP = 1000
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_EMPHASIS = re.compile(r"(\*{1,3}|`+|~~)(?=\S)(.*?)(?<=\S)\1")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.*?)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING_ID = re.compile(r"[ \t]*\{#[^}\s]+\}[ \t]*$")


class Heading(NamedTuple):
    """A heading of level 1, as plain text, and the body without it if it is at the top."""

    text: str
    body: str


def first_heading(body: str) -> Heading | None:
    """Return the first heading of level 1 of a text, or None. Takes time linear in its length.

    A heading in a code block or in an HTML comment does not count.
    """
    lines = body.split("\n")
    fence = ""
    in_comment = False
    is_top = True
    for number, line in enumerate(lines):
        if fence:
            closing = line.strip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = ""
            continue
        if in_comment or line.lstrip().startswith("<!--"):
            in_comment = "-->" not in line
            continue
        if opening := _FENCE.match(line):
            fence = opening[1]
        elif (found := _heading_at(lines, number)) and (text := _plain(found[0])):
            above = lines[:number]
            rest = "\n".join(above + lines[number + found[1] :]).strip("\n")
            return Heading(text, rest if is_top else body)
        is_top = is_top and not line.strip()
    return None


def _heading_at(lines: list[str], number: int) -> tuple[str, int] | None:
    """Return the text of the heading that begins at a line, and how many lines it has."""
    line = lines[number]
    if atx := _ATX.match(line):
        return _CLOSING_HASHES.sub("", atx[1] or ""), 1
    is_paragraph_start = number == 0 or not lines[number - 1].strip()
    if (
        is_paragraph_start
        and number + 1 < len(lines)
        and _SETEXT.match(lines[number + 1])
        and not _NOT_A_PARAGRAPH.match(line)
    ):
        return line, 2
    return None


def _plain(text: str) -> str:
    """Return the text of a heading without its markup."""
    if len(text) > _MAX_MARKED_UP:
        return " ".join(text.split())
    text = _HEADING_ID.sub("", text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _UNDERSCORES.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(_ESCAPE.sub(r"\1", text).split())
