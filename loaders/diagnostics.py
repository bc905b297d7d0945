"""What is wrong with a file, said as a compiler would: where, which field, what to write."""

from dataclasses import asdict, dataclass
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong inside a text. Lines and columns count from 1; columns are characters."""

    line: int
    column: int
    field: str
    message: str
    code: str


class BadInput(Exception):
    """A text cannot become items; `faults` says why, and where."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One line of the loader's report on bad input. `docs/loading.md` lists the codes."""

    path: str
    line: int
    column: int
    field: str
    message: str
    code: str

    @classmethod
    def at(cls, path: str, fault: Fault) -> "Diagnostic":
        """Give the diagnostic of a fault in the file at `path`."""
        return cls(path, *fault)

    def __str__(self) -> str:
        place = f"{one_line(self.path)}:{self.line}:{self.column}"
        return f"{place}: error: {one_line(self.field)}: {one_line(self.message)} [{self.code}]"

    def as_dict(self) -> dict[str, str | int]:
        """Give the object that `--errors` writes."""
        return asdict(self) | {"path": one_line(self.path)}


def one_line(text: str) -> str:
    """Escape what would break a line, a terminal or UTF-8; all else stays readable."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Give the line and column of a character in a text."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def quoted(value: object, limit: int = 60) -> str:
    """Give what was written, short enough for one line."""
    text = str(value)
    return repr(text if len(text) <= limit else f"{text[: limit - 1]}…")
