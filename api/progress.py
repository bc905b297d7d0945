"""The progress of a load: a bar with rate and time left on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from loaders.report import Report

_LINE_EVERY_S = 10.0


class Progress:
    """Shows a load on standard error. Write other lines with `line`, so that they stay above it."""

    def __init__(self, paths: Sequence[str], excluded: Sequence[str] = ()) -> None:
        self._paths = paths
        self._excluded = excluded
        self._started = self._last_line = time.monotonic()
        self._bar: RichProgress | None = None
        self._total: int | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
            threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def line(self, text: object) -> None:
        """Write a line."""
        if self._bar is not None:
            self._bar.console.print(str(text), markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr)

    def update(self, report: "Report") -> None:
        """Show how many files are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=report.files, total=self._total)
            return
        now = time.monotonic()
        if now - self._last_line >= _LINE_EVERY_S:
            self._last_line = now
            rate = report.files / (now - self._started)
            files = f"{report.files} file{'' if report.files == 1 else 's'}"
            print(f"{files} so far, {rate:.0f} files/s", file=sys.stderr)

    def _count(self) -> None:
        """Count the files while they are loaded: counting is a hundredth of the work."""
        from loaders.changes import count_files

        self._total = count_files(self._paths, self._excluded)


def _bar() -> "RichProgress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f} files/s")

    return RichProgress(
        TextColumn("loading"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
