"""The YAML that front matter is mostly made of, read without a YAML parser.

Block mappings and lists of scalars that fit on their line, plain or in double quotes with few
escapes: of such texts this makes the same as `nodes.value_of` in a fifth of the time. Of anything
else (and of anything wrong) it makes nothing, and libyaml has the word: `read` gives None.
"""

import re
from typing import Any

import orjson
import yaml

from loaders.diagnostics import BadInput
from loaders.known_keys import Shape
from loaders.yaml_nodes import NULLS, typed

# Control characters, tabs, and the line breaks that only YAML knows.
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# YAML 1.1, section 9.1.3: in block context a plain scalar has no ": " and no " #" in it.
_PLAIN = r"(?:[A-Za-z0-9/_]|-(?=[0-9]))[^:#\n]*(?:(?::(?![ \n]|\Z)|(?<! )#)[^:#\n]*)*"
# The escapes that JSON has too.
_QUOTED = r'"[^"\\\n]*(?:\\["\\nrt][^"\\\n]*)*"'
_LINE = re.compile(
    rf"^( *)(?:#.*|(- )?(?:([A-Za-z_][A-Za-z0-9_]*):(?: +(?:({_QUOTED})|({_PLAIN})))?"
    rf"|({_QUOTED})|({_PLAIN}))?) *$",
    re.MULTILINE,
)
_MAX_DEPTH = 20

# Indentation; whether a list's member; key; its value, quoted or plain; a value without key.
_Line = tuple[int, bool, str, str, str, str, str]


class _NotPlain(Exception):
    pass


def read(text: str, shape: Shape) -> dict[str, Any] | None:
    """Give the mapping that a YAML text holds; None when the text is not plain."""
    if _ODD.search(text):
        return None
    found = _LINE.findall(text)
    if len(found) != text.count("\n") + (not text.endswith("\n")) + _ends_twice(text):
        return None
    lines = [(len(indent), dash != "", *rest) for indent, dash, *rest in found if dash or any(rest)]
    if not lines or lines[0][0]:
        return None
    try:
        mapping, end = _mapping(lines, 0, 0, shape, _MAX_DEPTH)
    except (_NotPlain, BadInput):
        return None
    return mapping if end == len(lines) else None


def _ends_twice(text: str) -> bool:
    # After a last line break, the pattern finds an empty line more.
    return text.endswith("\n")


def _mapping(
    lines: list[Any], at: int, indent: int, shape: Shape | None, depth: int
) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    absent: list[str] = []
    end = len(lines)
    while at < end:
        deep, dash, key, quoted, plain, _, _ = lines[at]
        if deep != indent or dash:
            if deep > indent:
                raise _NotPlain
            break
        if not key or key in found:
            raise _NotPlain
        at += 1
        below = None if shape is None else shape.get(key)
        if quoted:
            found[key] = _unquoted(quoted)
            continue
        if plain:
            value = _scalar(plain, below)
        elif at < end and (lines[at][0] > indent or (lines[at][0] == indent and lines[at][1])):
            value, at = _block(lines, at, below, depth - 1)
        else:
            value = None
        found[key] = value
        if value is None and below is not None:
            absent.append(key)
    for key in absent:
        del found[key]
    return found, at


def _block(lines: list[Any], at: int, shape: Shape | None, depth: int) -> tuple[Any, int]:
    if not depth:
        raise _NotPlain
    indent, dash = lines[at][:2]
    read_block = _sequence if dash else _mapping
    return read_block(lines, at, indent, shape, depth)


def _sequence(
    lines: list[Any], at: int, indent: int, shape: Shape | None, depth: int
) -> tuple[list[Any], int]:
    members: list[Any] = []
    value: Any
    while at < len(lines):
        deep, dash, key, _, _, quoted, plain = lines[at]
        if deep != indent or not dash:
            if deep > indent:
                raise _NotPlain
            break
        if key:
            # What follows the hyphen is the first line of a mapping.
            lines[at] = (indent + 2, False, *lines[at][2:])
            value, at = _mapping(lines, at, indent + 2, shape, depth - 1)
        else:
            value = _unquoted(quoted) if quoted else _scalar(plain, shape)
            at += 1
        if value is not None or shape is None:
            members.append(value)
    return members, at


def _unquoted(quoted: str) -> str:
    text: str = orjson.loads(quoted) if "\\" in quoted else quoted[1:-1]
    return text


def _scalar(plain: str, shape: Shape | None) -> Any:
    text = plain.rstrip(" ")
    if shape is None:
        return typed(yaml.ScalarNode("", text, None, None, ""))
    return None if text in NULLS else text
