"""Load files again as soon as they change.

The operating system reports changes (watchfiles uses inotify and its like), so waiting costs
nothing, however many files there are.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Protocol

from watchfiles import Change, DefaultFilter
from watchfiles import watch as watch_files

from loaders.author_files import AUTHOR_FILE
from loaders.diagnostics import Diagnostic
from loaders.formats import SITE_FILE, SUFFIXES
from loaders.load import load_into
from loaders.options import Options
from loaders.report import Report
from store.writing.session import Session, open_session

# Many editors save in several steps: they write another file and rename it.
_QUIET_MS = 50
# A burst of changes, such as a `git pull`, is one batch, unless it takes longer than this.
_BURST_MS = 2000
_STOP_POLL_MS = 200
_CLOCK_S = 1.0  # how often items are published whose time has come
# After more changes than this, everything is compared: the system's queue of changes has an end
# (inotify's has 16,384), and some may have been lost.
_MAX_CHANGES = 1000
_MAX_KNOWN = 10_000


class Stop(Protocol):
    """The part of `threading.Event` that ends a watch."""

    def is_set(self) -> bool: ...


class _ContentFilter(DefaultFilter):
    """Passes content and folders, but not hidden files or those that tools keep for themselves."""

    def __call__(self, change: Change, path: str) -> bool:
        name = os.path.basename(path)  # noqa: PTH119
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
        is_content = suffix in SUFFIXES or not suffix
        return is_content and not name.startswith(".") and super().__call__(change, path)


def watch(
    paths: Sequence[str],
    *,
    uri: str,
    database: str,
    options: Options,
    stop: Stop,
) -> Iterator[Report]:
    """Load, then load again what changes, until `stop` is set. Raises StoreError.

    Meanwhile, items are published and taken back when their time comes.

    Yields the report of the first load, then of each that changed something or failed.
    """
    errors = _Errors(options.on_diagnostic)
    with open_session(
        uri,
        database,
        retry_for_s=options.retry_for_s,
        stopped=options.stopped,
        text=options.text_index,
        shows_future=options.shows_future,
    ) as session:
        changes = _changes(paths, stop)
        # The watch begins before the first load, so that no change in between is missed.
        early = next(changes, set())
        yield _load_all(session, paths, options, errors)
        looked = time.monotonic()
        for changed in chain([early], changes):
            if not changed:
                if time.monotonic() - looked >= _CLOCK_S:
                    session.turn_due()
                    looked = time.monotonic()
                continue
            if _can_load_alone(changed):
                report = _load_some(session, changed, options, errors)
            else:
                report = _load_all(session, paths, options, errors)
            if report.inserted or report.updated or report.pruned or errors.are_new:
                yield report


def _can_load_alone(changed: set[str]) -> bool:
    """Return whether no other file has to be looked at: none is gone, and no folder is new.

    A site file, or a list of authors, decides about other files.
    """
    return (
        len(changed) <= _MAX_CHANGES
        and all(map(os.path.isfile, changed))
        and {SITE_FILE, AUTHOR_FILE}.isdisjoint(map(os.path.basename, changed))
    )


class _Errors:
    """Passes on errors, but not those of a whole load that the whole load before had too."""

    def __init__(self, on_diagnostic: Callable[[Diagnostic], None]) -> None:
        self._on_diagnostic = on_diagnostic
        self._known: set[Diagnostic] = set()
        self.are_new = False
        """Whether the last load had any that were passed on."""

    def pass_on(self, diagnostic: Diagnostic) -> None:
        """Pass on an error of a load of some files."""
        self.are_new = True
        self._on_diagnostic(diagnostic)

    @contextmanager
    def of_everything(self) -> Iterator[Callable[[Diagnostic], None]]:
        """Yield what passes on the new errors of a whole load."""
        found: set[Diagnostic] = set()

        def pass_on_new(diagnostic: Diagnostic) -> None:
            if diagnostic not in self._known:
                self.pass_on(diagnostic)
            if len(found) < _MAX_KNOWN:
                found.add(diagnostic)

        yield pass_on_new
        self._known = found


def _load_all(session: Session, paths: Sequence[str], options: Options, errors: _Errors) -> Report:
    errors.are_new = False
    with errors.of_everything() as on_diagnostic:
        return load_into(session, paths, replace(options, on_diagnostic=on_diagnostic))


def _load_some(session: Session, changed: set[str], options: Options, errors: _Errors) -> Report:
    errors.are_new = False
    options = replace(options, on_diagnostic=errors.pass_on)
    return load_into(session, sorted(changed), options, may_vanish=True)


def _changes(paths: Sequence[str], stop: Stop) -> Iterator[set[str]]:
    changes = watch_files(
        *paths,
        watch_filter=_ContentFilter(),
        debounce=_BURST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=_STOP_POLL_MS,
        yield_on_timeout=True,
    )
    for batch in changes:
        yield {path for _, path in batch}
