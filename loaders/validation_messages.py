"""Turn Pydantic's errors into problems that say what to write instead."""

from collections.abc import Callable, Mapping

from pydantic_core import ErrorDetails

from loaders.diagnostics import FieldPath, Position, Problem, field_name, quoted
from loaders.values import INT32
from store.fields import DEFINITIONS, ITEM

_EXAMPLES = {
    field.name: field.example
    for shape in (ITEM, *DEFINITIONS.values())
    for field in shape
    if field.example
}


def problem_of(
    error: ErrorDetails,
    data: object,
    position_of: Callable[[FieldPath], Position],
    places: Mapping[str, FieldPath],
) -> Problem:
    """Return the problem for an error in `data`.

    `places` maps a field to where the file has it, if that is not under the field's own name.
    """
    first, *rest = path_in_file(error["loc"], data)
    path = (*places.get(str(first), (first,)), *rest)
    message, code = _message_and_code(error)
    return Problem(*position_of(path), field_name(path), message, code)


def path_in_file(path: FieldPath, data: object) -> FieldPath:
    """Leave out indexes of lists that the file does not have: one image needs no list."""
    found: list[str | int] = []
    for step in path:
        if isinstance(step, int) and not isinstance(data, list):
            continue
        found.append(step)
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return tuple(found)


def _message_and_code(error: ErrorDetails) -> tuple[str, str]:
    kind, value = error["type"], error["input"]
    if kind == "missing":
        return "is missing", "missing"
    if kind == "string_too_short":
        return "is empty", "missing"
    if kind == "string_too_long":
        return f"has {len(str(value))} characters; the limit is {_limit(error)}", "too-long"
    if kind == "too_long":
        entries = len(value) if isinstance(value, list) else 1
        return f"has {entries} entries; the limit is {_limit(error)}", "too-many"
    if kind == "date":
        return error["msg"], "date"
    if kind == "string_pattern_mismatch":
        return _pattern_mismatch(error)
    if kind.startswith("int_") and not isinstance(value, list | dict):
        if kind == "int_parsing_size" or str(value).lstrip("+-").isdecimal():
            return _out_of_range(quoted(value)), "integer-range"
        written = _described(value) if isinstance(value, bool) else quoted(value)
        return f"{written} is not a whole number", "integer"
    if kind.startswith(("float_", "finite_")) and not isinstance(value, list | dict | bool):
        return f"{quoted(value)} is not a number", "number"
    if kind in ("less_than_equal", "greater_than_equal"):
        if error.get("ctx", {}).get("ge") == 0:
            return f"{value} is negative; write a number of pixels", "negative"
        return _out_of_range(value), "integer-range"
    if kind.startswith("bool_") and not isinstance(value, list | dict):
        return f"{quoted(value)} is neither true nor false", "boolean"
    return f"is {_described(value)}; write {_expected(error)}", "shape"


def _limit(error: ErrorDetails) -> int:
    limit: int = error["ctx"]["max_length"]
    return limit


def _pattern_mismatch(error: ErrorDetails) -> tuple[str, str]:
    value = str(error["input"])
    if error["loc"][0] == "secured":
        return f"is not base64; write {_EXAMPLES['secured']}", "shape"
    scheme, colon, rest = value.partition(":")
    if not colon or not rest.startswith("//"):
        if colon and scheme.isalpha():
            return f"{quoted(value)} has the scheme {scheme}; write an http or https URL", "url"
        if _is_relative(value):
            # A site's url makes whole URLs only of paths from its root.
            or_site = ", or set url in newsgraph.yaml" if value.startswith("/") else ""
            return f"{quoted(value)} is relative; write the whole address{or_site}", "url"
        return f"{quoted(value)} has no scheme; write https://{value.lstrip('/')[:40]}", "url"
    return f"{quoted(value)} is not an http or https URL", "url"


def _is_relative(url: str) -> bool:
    """Return whether a URL without a scheme is a path, and does not begin with a domain."""
    if url.startswith("//"):
        return False
    return "." not in url.partition("/")[0].strip(".") or url.startswith(".")


def _out_of_range(value: object) -> str:
    return f"{value} does not fit in 32 bits; write {INT32[0]} to {INT32[-1]}"


def _described(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "text"
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case _:
            return f"the number {value}"


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
    if kind.startswith("float_"):
        return "a number"
    return "text"
