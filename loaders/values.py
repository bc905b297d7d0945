"""The values that YAML and JSON texts hold, before any field checks them."""

from typing import Any, TypeAlias

from loaders.diagnostics import quoted

Value: TypeAlias = bool | int | float | str | list["Value"] | dict[str, "Value"] | None
ValueMapping: TypeAlias = dict[str, Value]

INT32 = range(-(2**31), 2**31)
"""The integers of fields: a GraphQL Int has 32 bits (specification, section 3.5.1)."""
INT64 = range(-(2**63), 2**63)
"""The integers of `extra`: BSON's."""


def beyond_int64(digits: str) -> str:
    """Return the message for an integer that is not in `INT64`."""
    return f"{quoted(digits)} does not fit in 64 bits; quote it"


def take_unknown(mapping: dict[str, Any], known: frozenset[str]) -> ValueMapping:
    """Remove and return the keys of a checked mapping that are not fields."""
    if mapping.keys() <= known:
        return {}
    return {key: mapping.pop(key) for key in [*mapping] if key not in known}
