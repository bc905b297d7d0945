"""Load files into the store: find them, read those that changed, write their documents."""

import time
from collections.abc import Iterator, Sequence

from loaders.changes import Comparison, Gone, Skipped, Unreadable, compare
from loaders.collisions import collision_of, display_path
from loaders.diagnostics import BadInput, Diagnostic
from loaders.ignore_file import IGNORE_FILE, exclusions_of
from loaders.options import Options
from loaders.problems import Reporting
from loaders.pruning import Pruning
from loaders.read import FileResult, SourceFile, full_path
from loaders.report import Report
from loaders.root_changes import Failures, RootChanges
from loaders.site_file import BadSite
from loaders.site_rules import rules_of
from loaders.sites import Sites
from loaders.standard_input import read_standard_input
from loaders.targets import STANDARD_INPUT, Target, targets_of
from loaders.workers import read_all
from store.writing.candidates import FileChange
from store.writing.file_ids import file_id
from store.writing.manifest import LoadedFile
from store.writing.session import Session, open_session

_PROGRESS_EVERY = 500  # unchanged files


def load(paths: Sequence[str], *, uri: str, database: str, options: Options) -> Report:
    """Load files and folders into a database. Raises StoreError when MongoDB stays unavailable."""
    with open_session(
        uri,
        database,
        retry_for_s=options.retry_for_s,
        stopped=options.stopped,
        text=options.text_index,
        shows_future=options.shows_future,
    ) as session:
        return load_into(session, paths, options)


def check(paths: Sequence[str], options: Options) -> Report:
    """Read and check files and folders, without a database."""
    return load_into(None, paths, options)


def load_into(
    session: Session | None, paths: Sequence[str], options: Options, *, may_vanish: bool = False
) -> Report:
    """Load into a session, or only check the files when there is none.

    A path that does not exist is a failure, unless it `may_vanish`.
    """
    started = time.monotonic()
    run = _Load(session, options)
    for target in targets_of(paths, session, _ignore if may_vanish else run.fail, options.excluded):
        if options.stopped():
            break
        run.load(target)
    if session and not options.dry_run:
        session.finish()
        run.report.corpus = session.totals()
    run.report.seconds = time.monotonic() - started
    return run.report


def _ignore(_: Diagnostic) -> None:
    pass


class _Load:
    def __init__(self, session: Session | None, options: Options) -> None:
        self.report = Report()
        self._session = session
        self._options = options
        self._sites = Sites(session)
        self._failures = Failures()

    def fail(self, diagnostic: Diagnostic) -> None:
        """Count and report a file that cannot be read."""
        self.report.files += 1
        self._fail(diagnostic.path)
        self._options.on_diagnostic(diagnostic)

    def load(self, target: Target) -> None:
        options = self._options
        if target.root == STANDARD_INPUT:
            self.report.files += 1
            reporting = Reporting(STANDARD_INPUT, options.on_diagnostic)
            for results in read_standard_input(options.max_bytes, options.stopped):
                self._write(results, reporting)
            reporting.end()
            return
        try:
            exclusions = exclusions_of(target.root, options.excluded)
        except BadInput as error:
            path = full_path(target.root, IGNORE_FILE)
            for problem in error.problems:
                self.fail(Diagnostic.at(path, problem))
            return
        try:
            site = self._sites.read(target.root)
        except BadSite as error:
            self._refuse(error)
            return
        if self._session:
            self._session.set_site(target.root, site.fields)
        roots = RootChanges(self._session, target, self.report)
        with Pruning() as pruning:
            rules = rules_of(site)
            comparisons = compare(target, self._session, options.max_bytes, exclusions, rules)
            files = self._changed_files(comparisons, target.root, pruning)
            for results in read_all(files, options.jobs, options.max_bytes, options.stopped, site):
                self.report.files += len(results)
                self._write(results)
            if self._session and not options.stopped():
                if options.prune:
                    self._prune(self._session, target.root, pruning)
                roots.end(self._session, options, self._failures)
        self._failures = Failures()

    def _fail(self, path: str) -> None:
        self.report.failed += 1
        self._failures.append(path)

    def _refuse(self, error: BadSite) -> None:
        """Count and report a site file, by which nothing of its root is loaded."""
        self.report.files += 1
        self._fail(error.diagnostics[0].path)
        for diagnostic in error.diagnostics:
            self._options.on_diagnostic(diagnostic)

    def _changed_files(
        self, comparisons: Iterator[Comparison], root: str, pruning: Pruning
    ) -> Iterator[SourceFile]:
        """Yield the files to read, and count all others."""
        for comparison in comparisons:
            match comparison:
                case LoadedFile():  # first, because most files of most loads are unchanged
                    pruning.keep()
                    self.report.files += 1
                    self.report.unchanged += comparison.documents
                    if self.report.files % _PROGRESS_EVERY == 0:
                        self._options.on_progress(self.report)
                    if self._options.stopped():
                        return
                case SourceFile():
                    if not comparison.is_new:
                        pruning.keep()
                    yield comparison
                case Skipped(path, reason):
                    self.report.files += 1
                    self.report.skipped += 1
                    self._options.on_skipped(full_path(root, path), reason)
                case Unreadable(diagnostic):
                    pruning.is_complete = False
                    self.fail(diagnostic)
                case Gone(loaded_file):
                    if self._options.prune:
                        pruning.add(loaded_file)

    def _write(self, results: Sequence[FileResult], reporting: Reporting | None = None) -> None:
        """Write results, and report their diagnostics; `reporting` is that of a stream."""
        for result in results:
            self._count(result)
            if result.diagnostics:
                self._show(result, reporting)
        if changes := [result.change for result in results if result.change]:
            if self._session is None or self._options.dry_run:
                self._count_dry_run(changes)
            else:
                self._apply(self._session, changes)
        self._options.on_progress(self.report)

    def _count(self, result: FileResult) -> None:
        if result.errors:
            self._fail(result.diagnostics[0].path)
        elif result.change is None:
            self.report.skipped += 1
            if result.skipped:
                self._options.on_skipped(*result.skipped)
        self.report.warnings += result.warnings
        self.report.untaken.add(result.untaken)
        self.report.superseded += len(result.superseded)
        for path in result.superseded:
            self._options.on_note(f"{path}: superseded in the same file")

    def _show(self, result: FileResult, stream: Reporting | None) -> None:
        reporting = stream or Reporting(result.diagnostics[0].path, self._options.on_diagnostic)
        reporting.add(result.diagnostics, result.errors + result.warnings)
        if not stream:
            reporting.end()

    def _count_dry_run(self, changes: Sequence[FileChange]) -> None:
        for change in changes:
            documents = len(change.candidates) + len(change.definitions)
            if change.is_new:
                self.report.inserted += documents
            else:
                self.report.updated += documents

    def _apply(self, session: Session, changes: Sequence[FileChange]) -> None:
        outcome = session.apply(changes)
        self.report.add(outcome)
        for loss in outcome.losses:
            if display_path(loss.loser) == display_path(loss.winner):  # `take_over` ends it
                self.report.superseded -= 1
                self.report.updated += 1
            elif collision := collision_of(loss, changes):
                self.report.warnings += 1
                self._options.on_diagnostic(collision)
            else:
                loser, winner = display_path(loss.loser), display_path(loss.winner)
                self._options.on_note(f"{loser}: superseded by {winner}")

    def _prune(self, session: Session, root: str, pruning: Pruning) -> None:
        if not len(pruning):
            return
        if not pruning.is_complete:
            self._options.on_note("nothing pruned: a part of the folder could not be read")
            return
        if pruning.is_more_than_half and not self._options.force:
            self.report.refused = True
            self._options.on_note(
                f"nothing pruned: {pruning}, more than half; add --force to prune them"
            )
            return
        for files in pruning.batches():
            if self._options.dry_run:
                self.report.pruned += sum(file.documents for file in files)
            else:
                self.report.add(session.remove([file_id(root, file.path) for file in files]))
