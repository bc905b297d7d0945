"""The values that YAML and JSON texts hold, before any field checks them."""

from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | list["Value"] | dict[str, "Value"] | None
ValueMapping: TypeAlias = dict[str, Value]
