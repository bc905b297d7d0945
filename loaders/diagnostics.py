"""Errors and warnings, as compilers report them: file, line, column, field, what to write."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

_QUOTED_LENGTH = 60

FieldPath: TypeAlias = tuple[str | int, ...]
"""The keys and list indexes that lead to a value, such as `("related", 0, "webUrl")`."""


class Position(NamedTuple):
    """A position in a text. Lines and columns count from 1; columns count characters."""

    line: int
    column: int


START = Position(1, 1)


class Severity(StrEnum):
    """What a problem costs: an error the item, a warning only the value."""

    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One error or warning in a text, at a position."""

    line: int
    column: int
    field: str
    message: str
    code: str
    severity: Severity = Severity.ERROR

    def moved_down(self, lines: int) -> "Problem":
        """Return the problem a number of lines further down."""
        return self._replace(line=self.line + lines) if lines else self


class BadInput(Exception):
    """A text that cannot be loaded; `problems` has the reasons."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def moved_down(self, lines: int) -> "BadInput":
        """Return the error with its problems a number of lines further down."""
        return BadInput(*(problem.moved_down(lines) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem and the path of its file: one line of output. docs/loading.md lists the codes."""

    path: str
    line: int
    column: int
    field: str
    message: str
    code: str
    severity: Severity = Severity.ERROR

    @classmethod
    def at(cls, path: str, problem: Problem) -> "Diagnostic":
        """Return the diagnostic for a problem in the file at `path`."""
        return cls(path, *problem)

    def __str__(self) -> str:
        position = f"{escaped(self.path)}:{self.line}:{self.column}"
        message = f"{escaped(self.field)}: {escaped(self.message)} [{self.code}]"
        return f"{position}: {self.severity}: {message}"

    def as_dict(self) -> dict[str, str | int]:
        """Return the object that `--errors` writes."""
        return asdict(self) | {"path": escaped(self.path)}


def escaped(text: str) -> str:
    """Escape the characters that would break a line, a terminal or UTF-8."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def quoted(value: object) -> str:
    """Return a value in quotes, cut to fit on a line."""
    text = str(value)
    return repr(text if len(text) <= _QUOTED_LENGTH else f"{text[: _QUOTED_LENGTH - 1]}…")


def position_at(text: str, offset: int) -> Position:
    """Return the position of the character at an offset in a text."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Position(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def field_name(path: FieldPath) -> str:
    """Return a field's path as people write it: `related[0].images[1].width`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name
