"""Pydantic's errors said in the words of this format: what to write instead."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from loaders.diagnostics import Fault, quoted

Location = tuple[str | int, ...]
# How each field that is more than a scalar is written.
_EXAMPLES = {
    "images": 'a list like [{url: "https://example.com/a.jpg", width: 600, height: 360}]',
    "related": 'a list like [{title: "Title", webUrl: "https://example.com/a"}]',
    "provider": "a name, or a mapping like {name: Example News, domain: example.com}",
    "topics": "a list of names like [AI, Computer Vision]",
    "tags": "a list of words like [one, two]",
    "keywords": "a list of words like [one, two]",
    "otherNames": "a list of names like [One, Two]",
    "secured": '"ciphertext;iv", both in base64',
}


def fault_of(
    error: ErrorDetails,
    data: Any,
    place: Callable[[Location], tuple[int, int]],
    names: dict[str, str],
) -> Fault:
    """Give the fault for one error in `data`.

    `names` maps a field to the key that the file wrote for it.
    """
    first, *rest = _written(data, error["loc"])
    location = (names.get(str(first), first), *rest)
    message, code = _said(error)
    return Fault(*place(location), field_name(location), message, code)


def field_name(location: Sequence[str | int]) -> str:
    """Give a field as people write it: `related[0].images[1].width`."""
    name = ""
    for step in location:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else str(step)
    return name


def _written(data: Any, location: Location) -> Location:
    """Leave out the steps into lists that the file did not write: one image may go without."""
    written: list[str | int] = []
    for step in location:
        if isinstance(step, int) and not isinstance(data, list):
            continue
        written.append(step)
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return tuple(written)


def _said(error: ErrorDetails) -> tuple[str, str]:
    kind, value = error["type"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "missing":
        return "is missing", "missing"
    if kind == "string_too_short":
        return "is empty", "missing"
    if kind == "date":
        return error["msg"], "date"
    if kind == "string_pattern_mismatch":
        return _wrong_pattern(error)
    if kind.startswith("int_") and not isinstance(value, list | dict):
        if kind == "int_parsing_size" or str(value).lstrip("+-").isdecimal():
            return f"{quoted(value)} is beyond 32 bits", "integer-range"
        return f"{quoted(value)} is not a whole number", "integer"
    if kind in ("less_than_equal", "greater_than_equal"):
        if context.get("ge") == 0:
            return f"{value} is negative; write a number of pixels", "negative"
        return f"{value} is beyond 32 bits; write {-(2**31)} to {2**31 - 1}", "integer-range"
    if kind.startswith("bool_") and not isinstance(value, list | dict):
        return f"{quoted(value)} is neither true nor false", "boolean"
    return f"is {_article(value)}; write {_expected(error)}", "shape"


def _wrong_pattern(error: ErrorDetails) -> tuple[str, str]:
    value = str(error["input"])
    if error["loc"][0] == "secured":
        return f"is not base64; write {_EXAMPLES['secured']}", "shape"
    scheme, colon, rest = value.partition(":")
    if not colon or not rest.startswith("//"):
        if colon and scheme.isalpha():
            return f"{quoted(value)} has the scheme {scheme}; write an http(s) URL", "url"
        return f"{quoted(value)} has no scheme; write https://{value.lstrip('/')[:40]}", "url"
    return f"{quoted(value)} is not an http(s) URL", "url"


def _article(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "text"
        case bool():
            return str(value).lower()
        case _:
            return f"the number {value}" if isinstance(value, int | float) else "something else"


def _expected(error: ErrorDetails) -> str:
    kind = error["type"]
    fields = [str(step) for step in error["loc"] if isinstance(step, str)]
    if kind in ("dict_type", "list_type", "secured", "extra_forbidden") or fields[-1] in _EXAMPLES:
        return next(
            (_EXAMPLES[name] for name in reversed(fields) if name in _EXAMPLES), "a mapping"
        )
    if kind.startswith("int_"):
        return "a whole number"
    if kind.startswith("bool_"):
        return "true or false"
    return "text"
