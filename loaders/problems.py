"""The problems of a file: all are counted, and the first ones are shown.

A file may have a million of them. Nobody reads so many, and each takes memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from loaders.diagnostics import Diagnostic, Problem, Severity

MAX_SHOWN = 100
"""Problems of a file that are shown, errors before warnings."""


class Problems:
    """Collects the problems of a text; yields those that are shown, from top to bottom."""

    def __init__(self) -> None:
        self.errors = 0
        self.warnings = 0
        self._kept: list[Problem] = []

    def __iter__(self) -> Iterator[Problem]:
        # Fields are checked in the order of their declaration; people fix a file from the top.
        return iter(sorted(self._first()))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems."""
        for problem in problems:
            if problem.severity is Severity.ERROR:
                self.errors += 1
            else:
                self.warnings += 1
            self._kept.append(problem)
            if len(self._kept) > 2 * MAX_SHOWN:
                self._kept = self._first()

    def _first(self) -> list[Problem]:
        return sorted(self._kept, key=lambda problem: (problem.severity, problem))[:MAX_SHOWN]


class Reporting:
    """Passes on the diagnostics of a file, and says how many more there are than are shown."""

    def __init__(self, path: str, on_diagnostic: Callable[[Diagnostic], None]) -> None:
        self._path = path
        self._on_diagnostic = on_diagnostic
        self._room = MAX_SHOWN
        self._hidden = 0
        self._worst = Severity.WARNING

    def add(self, diagnostics: Sequence[Diagnostic], total: int) -> None:
        """Pass on the diagnostics of a part of the file, which has `total` problems."""
        shown = diagnostics[: self._room]
        for diagnostic in shown:
            self._on_diagnostic(diagnostic)
        self._worst = min([self._worst, *(diagnostic.severity for diagnostic in diagnostics)])
        self._room -= len(shown)
        self._hidden += total - len(shown)

    def end(self) -> None:
        """Report how many were not shown."""
        if self._hidden:
            message = f"has {self._hidden:,} more problems; the first {MAX_SHOWN} are shown"
            self._on_diagnostic(Diagnostic(self._path, 1, 1, "file", message, "more", self._worst))
