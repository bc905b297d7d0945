"""The load: find files, read those that changed, write what they give, then the taxonomies."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from loaders.changes import ChangeDetector
from loaders.diagnostics import Diagnostic
from loaders.read import MAX_BYTES, Result, Status
from loaders.report import Report
from loaders.standard_input import read_standard_input
from loaders.targets import STANDARD_INPUT, Target, targets_of
from loaders.workers import read_all
from store.writing.file_ids import file_id
from store.writing.session import RETRY_FOR_S, Session, open_session


def _never() -> bool:
    return False


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class Options:
    """How to load. The callbacks are called from the thread that loads.

    `on_diagnostic` gets each diagnostic, `on_note` a line worth knowing, `on_progress` the report
    so far; `stopped` is asked between batches.
    """

    jobs: int = field(default_factory=_cores)
    dry_run: bool = False
    prune: bool = False
    force: bool = False
    max_bytes: int = MAX_BYTES
    retry_for_s: float = RETRY_FOR_S
    on_diagnostic: Callable[[Diagnostic], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None
    on_progress: Callable[[Report], None] = lambda _: None
    stopped: Callable[[], bool] = _never


def load(paths: Sequence[str], *, uri: str, database: str, options: Options) -> Report:
    """Load files and folders into a database. Raises StoreError when MongoDB stays away."""
    patience = options.retry_for_s
    with open_session(uri, database, retry_for_s=patience, stopped=options.stopped) as opened:
        return load_into(opened, paths, options)


def check(paths: Sequence[str], options: Options) -> Report:
    """Read and check files and folders, without a database."""
    return load_into(None, paths, options)


def load_into(opened: Session | None, paths: Sequence[str], options: Options) -> Report:
    """Load into a session, or only check when there is none."""
    started = time.monotonic()
    report = Report()
    load_ = _Load(opened, options, report)
    for place in targets_of(paths, opened, load_.problem):
        if options.stopped():
            break
        load_.place(place)
    if opened and not options.dry_run:
        opened.finish()
    report.seconds = time.monotonic() - started
    return report


class _Load:
    def __init__(self, opened: Session | None, options: Options, report: Report) -> None:
        self._session = opened
        self._options = options
        self._report = report

    def problem(self, problem: Diagnostic) -> None:
        """Count and report a file that cannot be read."""
        self._report.files += 1
        self._report.failed += 1
        self._options.on_diagnostic(problem)

    def place(self, place: Target) -> None:
        """Load one root, or the files of it that were named."""
        if place.root == STANDARD_INPUT:
            self._report.files += 1
            self._write_all(read_standard_input(self._options.max_bytes, self._options.stopped))
            return
        options = self._options
        with ChangeDetector(place, self._session, options, self._report, self.problem) as tracker:
            results = read_all(tracker.tasks(), options.jobs, options.max_bytes, options.stopped)
            self._write_all(results)
            if options.prune and self._session and not options.stopped():
                self._prune(self._session, place.root, tracker)

    def _write_all(self, results: Iterator[list[Result]]) -> None:
        for batch in results:
            self._write(batch)
            self._options.on_progress(self._report)

    def _write(self, batch: Sequence[Result]) -> None:
        report = self._report
        changes = []
        for result in batch:
            report.files += result.path != STANDARD_INPUT
            if result.status is Status.SKIPPED:
                report.skipped += 1
            elif result.status is Status.FAILED:
                report.failed += 1
            for problem in result.problems:
                self._options.on_diagnostic(problem)
            report.superseded += len(result.losers)
            for loser in result.losers:
                self._options.on_note(f"{loser}: superseded in the same file")
            if result.change:
                changes.append(result.change)
        if not changes:
            return
        if self._session is None or self._options.dry_run:
            new = (change for change in changes if change.is_new)
            old = (change for change in changes if not change.is_new)
            report.inserted += sum(len(one.candidates) + len(one.definitions) for one in new)
            report.updated += sum(len(one.candidates) + len(one.definitions) for one in old)
            return
        outcome = self._session.apply(changes)
        report.inserted += outcome.inserted
        report.updated += outcome.updated
        report.unchanged += outcome.unchanged
        report.superseded += outcome.superseded
        for loser, winner in outcome.losses:
            self._options.on_note(f"{_shown(loser)}: superseded by {_shown(winner)}")

    def _prune(self, opened: Session, root: str, tracker: ChangeDetector) -> None:
        for gone in tracker.gone_batches():
            if self._options.dry_run:
                self._report.pruned += sum(entry.documents for entry in gone)
            else:
                files = [file_id(root, entry.path) for entry in gone]
                self._report.pruned += opened.remove(files).pruned


def _shown(file: str) -> str:
    return file.replace("//", "/")
