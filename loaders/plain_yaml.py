"""Read plain YAML, of which most front matter consists, without a YAML parser.

Plain YAML is block mappings and lists of scalars that fit on a line, unquoted or in double quotes
with few escapes. Reading it here gives the same values as libyaml's nodes in half the time or less
(docs/benchmarks.md). For anything else, errors included, `read` returns None and libyaml parses
the text.
"""

import re
from typing import TypeAlias

import orjson
from yaml import ScalarNode

from loaders.diagnostics import BadInput
from loaders.known_keys import KnownKeys
from loaders.values import Value, ValueMapping
from loaders.yaml_values import NULLS, construct_scalar

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

# Indentation, whether it is a list's member, key, the key's value (quoted or plain), and a value
# without a key (quoted or plain).
_Line: TypeAlias = tuple[int, bool, str, str, str, str, str]


class _NotPlain(Exception):
    pass


def read(text: str, known: KnownKeys) -> ValueMapping | None:
    """Return the mapping that a YAML text holds, or None when the text is not plain."""
    if _ODD.search(text):
        return None
    found = _LINE.findall(text)
    if len(found) != text.count("\n") + 1:
        return None
    lines: list[_Line] = [
        (len(indent), dash != "", *rest) for indent, dash, *rest in found if dash or any(rest)
    ]
    if not lines or lines[0][0]:
        return None
    try:
        mapping, end = _mapping(lines, 0, 0, known, _MAX_DEPTH)
    except (_NotPlain, BadInput):
        return None
    return mapping if end == len(lines) else None


def _mapping(
    lines: list[_Line], at: int, indent: int, known: KnownKeys | None, depth: int
) -> tuple[ValueMapping, int]:
    found: ValueMapping = {}
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
        below = None if known is None else known.get(key)
        if quoted:
            found[key] = _unquoted(quoted)
            continue
        value: Value
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


def _block(lines: list[_Line], at: int, known: KnownKeys | None, depth: int) -> tuple[Value, int]:
    if not depth:
        raise _NotPlain
    indent, dash = lines[at][:2]
    if dash:
        return _sequence(lines, at, indent, known, depth)
    return _mapping(lines, at, indent, known, depth)


def _sequence(
    lines: list[_Line], at: int, indent: int, known: KnownKeys | None, depth: int
) -> tuple[list[Value], int]:
    members: list[Value] = []
    value: Value
    while at < len(lines):
        deep, dash, key, _, _, quoted, plain = lines[at]
        if deep != indent or not dash:
            if deep > indent:
                raise _NotPlain
            break
        if key:
            # What follows the hyphen is the first line of a mapping.
            lines[at] = (indent + 2, False, *lines[at][2:])
            value, at = _mapping(lines, at, indent + 2, known, depth - 1)
        else:
            value = _unquoted(quoted) if quoted else _scalar(plain, known)
            at += 1
        if value is not None or known is None:
            members.append(value)
    return members, at


def _unquoted(quoted: str) -> str:
    text: str = orjson.loads(quoted) if "\\" in quoted else quoted[1:-1]
    return text


def _scalar(plain: str, known: KnownKeys | None) -> Value:
    text = plain.rstrip(" ")
    if known is None:
        return construct_scalar(ScalarNode("", text, None, None, ""))
    return None if text in NULLS else text
