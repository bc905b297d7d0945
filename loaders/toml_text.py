"""A TOML text: its values, and the positions of its keys."""

import math
import re
import tomllib
from datetime import date, datetime, time

from loaders.diagnostics import START, BadInput, FieldPath, Position, Problem, position_at
from loaders.known_keys import KnownKeys
from loaders.values import INT64, Value, beyond_int64
from loaders.yaml_nodes import MAX_DEPTH

_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
# The time that tomllib takes grows with the third power of the parts of a dotted key.
_LONG_KEY = re.compile(
    rf"(?:^[ \t]*+\[{{0,2}}|[{{,])[ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_DEPTH}}}",
    re.MULTILINE,
)
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_REMEDIES = {
    "Invalid value": "write text in double quotes",
    "Illegal character '\\n'": "close the quote",
}
"""A part of a message of tomllib: what to do."""
_TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"


class TomlText:
    """A TOML text. TOML has dates; here they are text as in YAML and JSON (RFC 3339)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._values: dict[str, Value] = {}

    def value(self, _: KnownKeys) -> Value:
        """Return what the text holds. TOML's values have types, whatever reads them.

        Raises BadInput.
        """
        if key := _LONG_KEY.search(self._text):
            raise self._problem(position_at(self._text, key.start()), _TOO_DEEP, "nesting")
        try:
            parsed = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax_error(str(error)) from None
        except RecursionError:
            raise self._problem(START, _TOO_DEEP, "nesting") from None
        except ValueError:  # Python converts at most 4,300 digits
            message = "has a number that does not fit in 64 bits; quote it"
            raise self._problem(START, message, "integer-range") from None
        self._values = {key: self._plain(below, (key,)) for key, below in parsed.items()}
        return dict(self._values)

    def raw_value(self, key: str) -> Value:
        """Return the value of a key."""
        return self._values.get(key)

    def written(self, _: FieldPath) -> str | None:
        """Return None: TOML's values have types."""
        return None

    def position_of(self, path: FieldPath) -> Position:
        """Return the position of a value, or of the nearest key above it that can be found."""
        found, offset = START, 0
        for step in path:
            if isinstance(step, int):
                continue
            key = rf"(?:\"{re.escape(step)}\"|'{re.escape(step)}'|{re.escape(step)})"
            line = rf"^[ \t]*(?:\[\[?[ \t]*)?(?:[\w.-]+\.)?{key}[ \t]*(?:=[ \t]*|\]|\.)"
            match = re.compile(line, re.MULTILINE).search(self._text, offset)
            if match is None:
                break
            offset = match.end()
            is_value = "=" in match[0]
            found = position_at(self._text, offset if is_value else match.start())
        return found

    def _plain(self, value: object, path: tuple[str, ...]) -> Value:
        """Return a value of tomllib with dates as text. Raises BadInput."""
        if len(path) > MAX_DEPTH:
            raise self._problem(self.position_of(path[:1]), _TOO_DEEP, "nesting")
        if isinstance(value, dict):
            return {key: self._plain(below, (*path, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [self._plain(below, (*path, "")) for below in value]
        if isinstance(value, datetime | date | time):
            return value.isoformat()
        if isinstance(value, float) and not math.isfinite(value):
            message = f"{value} is not a finite number, which JSON cannot hold; quote it"
            raise self._problem(self.position_of(path), message, "not-finite")
        if isinstance(value, int) and value not in INT64:
            raise self._problem(self.position_of(path), beyond_int64(str(value)), "integer-range")
        return value if isinstance(value, str | bool | int | float) else str(value)

    def _syntax_error(self, message: str) -> BadInput:
        where = _WHERE.search(message)
        line, column = where.groups() if where else (None, None)
        end = position_at(self._text, len(self._text))
        position = Position(int(line), int(column)) if line and column else end
        reason = _WHERE.sub("", message)
        remedy = next((f"; {remedy}" for part, remedy in _REMEDIES.items() if part in reason), "")
        return self._problem(position, f"{reason[:1].lower()}{reason[1:]}{remedy}", "toml")

    def _problem(self, position: Position, message: str, code: str) -> BadInput:
        return BadInput(Problem(*position, "TOML", message, code))
