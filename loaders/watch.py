"""Load files again as soon as they change.

The operating system reports changes (watchfiles uses inotify and its like), so waiting costs
nothing, however many files there are.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Protocol

from watchfiles import Change, DefaultFilter
from watchfiles import watch as watch_files

from loaders.formats import SUFFIXES
from loaders.load import load_into
from loaders.options import Options
from loaders.report import Report
from store.writing.session import Session, open_session

# Many editors save in several steps: they write another file and rename it.
_QUIET_MS = 50
_STOP_POLL_MS = 200


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

    Yields the report of the first load, then of each that changed something or failed.
    """
    with open_session(
        uri, database, retry_for_s=options.retry_for_s, stopped=options.stopped
    ) as session:
        changes = _changes(paths, stop)
        # The watch begins before the first load, so that no change in between is missed.
        early = next(changes, set())
        yield load_into(session, paths, options)
        for changed in chain([early], changes):
            if not changed:
                continue
            report = _load_changes(session, paths, changed, options)
            if report.inserted or report.updated or report.pruned or report.failed:
                yield report


def _changes(paths: Sequence[str], stop: Stop) -> Iterator[set[str]]:
    changes = watch_files(
        *paths,
        watch_filter=_ContentFilter(),
        debounce=200,
        step=_QUIET_MS,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=_STOP_POLL_MS,
        yield_on_timeout=True,
    )
    for batch in changes:
        yield {path for _, path in batch}


def _load_changes(
    session: Session, paths: Sequence[str], changed: set[str], options: Options
) -> Report:
    if all(os.path.isfile(path) for path in changed):  # noqa: PTH113
        return load_into(session, sorted(changed), options)
    # Files are gone, or a folder is new: compare everything with the manifest.
    return load_into(session, paths, options)
