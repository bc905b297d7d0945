"""One run of `newsgraph load` or `check`: what it prints, and how it ends."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from api.commands.errors import fail
from api.commands.interrupts import Interrupts
from api.progress import Progress

if TYPE_CHECKING:
    from loaders.diagnostics import Diagnostic
    from loaders.report import Report


def check_paths(paths: Sequence[str]) -> None:
    """End the command if there is nothing at one of its paths."""
    for path in paths:
        if not path:
            fail('the path "" is empty, perhaps an unset variable; for this folder, write .')
        if path != "-" and not os.path.lexists(path):
            fail(f"{path}: no such file or folder")


class LoadRun:
    """One run of `load` or `check`: its options, its progress, and its report."""

    def __init__(
        self,
        paths: list[str],
        excluded: list[str],
        errors: Path | None,
        jobs: int | None,
        max_mb: float | None,
        verbose: bool,
        stack: ExitStack,
    ) -> None:
        from loaders.exclusions import fault_of
        from loaders.options import Options

        for pattern in excluded:
            if fault := fault_of(pattern):
                fail(f"--exclude {pattern}: {fault}")

        self.paths = paths
        self.interrupted = Interrupts()
        self._errors: TextIO | None = None
        if errors:
            try:
                self._errors = stack.enter_context(errors.open("w", encoding="utf-8"))
            except OSError as error:
                fail(f"--errors {errors}: {error.strerror}")
        self.progress = stack.enter_context(Progress(paths, excluded))
        self.options: Options = Options(
            on_diagnostic=self._on_diagnostic,
            on_note=self.progress.line,
            on_progress=self.progress.update,
            stopped=self.interrupted.is_set,
        )
        self.options.excluded = excluded
        if verbose:
            self.options.on_skipped = self._on_skipped
        if jobs is not None:
            self.options.jobs = jobs
        if max_mb is not None:
            self.options.max_bytes = int(max_mb * 2**20)

    def finish(self, report: "Report", as_json: bool, *, has_store: bool = True) -> None:
        """Print the report, and end with its exit status."""
        self.list_details(report, as_json)
        if self.options.dry_run and not as_json:
            print("dry run, nothing is written: ", end="")
        self.print_report(report, as_json, has_store=has_store)
        if self.interrupted.is_set():
            raise typer.Exit(130)
        if report.failed or report.refused:
            raise typer.Exit(1)

    def print_report(self, report: "Report", as_json: bool, *, has_store: bool = True) -> None:
        """Print a report on standard output."""
        if as_json:
            print(json.dumps(report.as_dict() if has_store else report.as_check_dict()), flush=True)
        else:
            print(report if has_store else report.check_summary, flush=True)

    def say_what_it_finishes(self) -> None:
        """Print what the first Ctrl+C leaves to do."""
        from loaders.workers import BATCH

        self.progress.line(
            f"newsgraph: finishing up to {BATCH} files; press Ctrl+C again to stop now"
        )

    def list_details(self, report: "Report", as_json: bool) -> None:
        """Print the keys that no field took, and new roots; as JSON, they are in the report."""
        from loaders.diagnostics import escaped

        if not as_json:
            for root in report.roots:
                for line in root.lines():
                    self.progress.line(escaped(line))
            for line in report.untaken.lines():
                self.progress.line(line)

    def _on_diagnostic(self, diagnostic: "Diagnostic") -> None:
        self.progress.line(replace(diagnostic, path=_shown(diagnostic.path)))
        if self._errors:
            self._errors.write(json.dumps(diagnostic.as_dict(), ensure_ascii=False) + "\n")
            self._errors.flush()

    def _on_skipped(self, path: str, reason: str) -> None:
        from loaders.diagnostics import escaped

        self.progress.line(escaped(f"{_shown(path)}: skipped: {reason}"))


def _shown(path: str) -> str:
    """Return a path as it is seen from the working folder."""
    return path.removeprefix(f"{Path.cwd()}/")
