"""What a load does to the roots: it records them, and lets one take over those in it."""

from loaders.nesting import take_over
from loaders.options import Options
from loaders.report import Report, RootReport
from loaders.targets import Target
from store.writing.roots import MAX_FAILURES
from store.writing.session import Session


class Failures:
    """The number of files that failed, and the paths of the first."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def append(self, path: str) -> None:
        """Add a file."""
        self.count += 1
        if len(self.first) < MAX_FAILURES:
            self.first.append(path)


class RootChanges:
    """What the load of a target does to the roots. Make one before the load, and call `end` after.

    `report` gets what there is to say.
    """

    def __init__(self, session: Session | None, target: Target, report: Report) -> None:
        self._target = target
        self._report = report
        self._files_before = report.files
        self._is_new = session is not None and not session.is_loaded(target.root)

    def end(self, session: Session, options: Options, failures: Failures) -> None:
        """Record the load of a whole root, and report what became of roots."""
        root = self._target.root
        taken: list[str] = []
        if self._target.is_whole and not options.dry_run:
            session.record_root(root, failures.count, failures.first)
            taken = take_over(session, root, options.stopped, prune=options.prune)
        if self._is_new or self._target.below or taken:
            files = self._report.files - self._files_before
            self._report.roots.append(
                RootReport(root, self._target.below, files, self._is_new, taken)
            )
