"""What is wrong with a setting, in a sentence that says what to write."""

from collections.abc import Collection

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from api.environment import PREFIX

# Settings whose values never appear in a message or a log.
SECRET = frozenset({"mongodb_uri", "editor_tokens"})
# What pydantic expects, in plain words.
_PLAIN = {
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid boolean": "true or false",
}
_OWN = "newsgraph"


def wrong(sentence: str) -> PydanticCustomError:
    """Return an error for a validator to raise, with a whole sentence as its message."""
    return PydanticCustomError(_OWN, "{sentence}", {"sentence": sentence})


def message(error: ErrorDetails, field: FieldInfo, flags: Collection[str]) -> str:
    """Return the message for a setting's error; the names in `flags` were given as flags."""
    name = str(error["loc"][0])
    variable = f"--{name.replace('_', '-')}" if name in flags else f"{PREFIX}{name.upper()}"
    value = "" if name in SECRET else f" is {str(error['input'])!r}"
    hint = ""
    if name == "port" and str(error["input"]).startswith("tcp://"):
        hint = " Kubernetes sets it for a service named newsgraph: set enableServiceLinks: false."
    what = error["msg"] if error["type"] == _OWN else f"write {_expected(error['msg'], field)}"
    return f"{variable}{value}: {what}. {field.description}{hint}"


def _expected(message: str, field: FieldInfo) -> str:
    """Turn pydantic's "Input should be 'a' or 'b'" into what to write."""
    expected = message.removeprefix("Input should be ").partition(", unable to ")[0]
    if field.annotation is int:
        return f"a whole number{_bounds(field)}"
    if expected.startswith(("greater", "less")):
        expected = f"a number {expected}"
    return _PLAIN.get(expected, expected)


def _bounds(field: FieldInfo) -> str:
    least = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    most = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    return f" from {least} to {most}" if most is not None else f", at least {least}"
