"""Walking a root beside its manifest: what is new, changed, as it was, or gone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from loaders.diagnostics import BadInput, Diagnostic
from loaders.read import Task, digest_of, full_path, read_bytes
from loaders.report import Report
from loaders.spool import Spool
from loaders.targets import Target
from loaders.walk import Found, walk
from store.writing.manifest import Entry
from store.writing.session import Session

if TYPE_CHECKING:
    from loaders.load import Options

_PRUNE_BATCH = 500


class ChangeDetector:
    """Compares a root with what the store knows of it. Both come in the same order, as streams.

    Use it as a context: what is gone from the root is put aside in a file until it is pruned.
    """

    def __init__(
        self,
        place: Target,
        session: Session | None,
        options: "Options",
        report: Report,
        problem: Callable[[Diagnostic], None],
    ) -> None:
        self._place = place
        self._session = session
        self._options = options
        self._report = report
        self._problem = problem
        self._gone = Spool()
        self._kept = 0
        self._unsure = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.close()

    def tasks(self) -> Iterator[Task]:
        """Give the files to parse; count the others."""
        root = self._place.root
        for found, entry in self._pairs():
            if found is None:
                if entry and self._options.prune:
                    self._gone.add(entry)
                continue
            if found.problem:
                self._unsure = True
                self._problem(replace(found.problem, path=full_path(root, found.path)))
                continue
            if not found.wanted:
                self._report.files += 1
                self._report.skipped += 1
                continue
            self._kept += entry is not None
            if entry and self._is_unchanged(found, entry):
                self._report.files += 1
                self._report.unchanged += entry.documents
                if self._report.files % 500 == 0:
                    self._options.on_progress(self._report)
                if self._options.stopped():
                    return
                continue
            yield Task(root, found.path, entry.digest if entry else None)

    def gone_batches(self) -> Iterator[list[Entry]]:
        """Give the files that this root no longer has, unless there are too many of them."""
        gone = len(self._gone)
        if self._place.file is not None or not gone:
            return
        if self._unsure:
            self._options.on_note("nothing pruned: a part of the folder could not be read")
            return
        if gone > self._kept and not self._options.force:
            self._report.refused = True
            self._options.on_note(
                f"nothing pruned: {gone} of {gone + self._kept} files are gone, over half; "
                "write --force if that is meant"
            )
            return
        yield from self._gone.batches(_PRUNE_BATCH)

    def _is_unchanged(self, found: Found, entry: Entry) -> bool:
        try:
            data = read_bytes(full_path(self._place.root, found.path), self._options.max_bytes)
        except BadInput:
            return False  # the reader finds the same, and says so
        return digest_of(data) == entry.digest

    def _pairs(self) -> Iterator[tuple[Found | None, Entry | None]]:
        root, file = self._place
        if file is not None:
            entry = self._session.entry(root, file) if self._session else None
            yield Found(file, wanted=True), entry
            return
        entries = self._session.entries(root) if self._session else iter(())
        entry = next(entries, None)
        for found in walk(root):
            path = found.path.encode("utf-8", "surrogateescape")
            while entry and entry.path.encode() < path:
                yield None, entry
                entry = next(entries, None)
            if entry and entry.path == found.path:
                yield found, entry
                entry = next(entries, None)
            else:
                yield found, None
        while entry:
            yield None, entry
            entry = next(entries, None)
