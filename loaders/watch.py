"""Loading again whatever changes, as soon as it does.

The operating system tells of changes (watchfiles, on inotify and its kin), so that waiting costs
nothing however many files there are.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from watchfiles import Change, DefaultFilter
from watchfiles import watch as watch_files

from loaders.load import Options, load_into
from loaders.parse import SUFFIXES
from loaders.report import Report
from store.writing.session import Session, open_session

# An editor that saves by writing beside and renaming makes several changes of one.
_SETTLE_MS = 50
_LOOK_UP_MS = 200


class Stop(Protocol):
    """Something that can be asked whether to end."""

    def is_set(self) -> bool:
        """Tell whether to end."""


class _Filter(DefaultFilter):
    """Content and folders; no hidden files, and nothing that tools keep for themselves."""

    def __call__(self, change: Change, path: str) -> bool:
        name = os.path.basename(path)  # noqa: PTH119
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
        wanted = suffix in SUFFIXES or not suffix
        return wanted and not name.startswith(".") and super().__call__(change, path)


def watch(
    paths: Sequence[str],
    *,
    uri: str,
    database: str,
    options: Options,
    stop: Stop,
    on_report: Callable[[Report], None],
) -> None:
    """Load, then load again what changes, until told to stop. Raises StoreError.

    `on_report` gets a report for each load that found something.
    """
    patience = options.retry_for_s
    with open_session(uri, database, retry_for_s=patience, stopped=options.stopped) as opened:
        changes = _changes(paths, stop)
        # What changes during the first load is not missed: the watch begins before it.
        early = next(changes, set())
        on_report(load_into(opened, paths, options))
        for changed in chain([early], changes):
            if not changed:
                continue
            report = _load_changes(opened, paths, changed, options)
            if report.inserted or report.updated or report.pruned or report.failed:
                on_report(report)


def _changes(paths: Sequence[str], stop: Stop) -> Iterator[set[str]]:
    changes = watch_files(
        *paths,
        watch_filter=_Filter(),
        debounce=200,
        step=_SETTLE_MS,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=_LOOK_UP_MS,
        yield_on_timeout=True,
    )
    for some in changes:
        yield {path for _, path in some}


def _load_changes(
    opened: Session, paths: Sequence[str], changed: set[str], options: Options
) -> Report:
    started = time.monotonic()
    if all(os.path.isfile(path) for path in changed):  # noqa: PTH113
        return load_into(opened, sorted(changed), options)
    # Something went, or a whole folder came: the manifest knows what that means.
    report = load_into(opened, paths, options)
    report.seconds = time.monotonic() - started
    return report
