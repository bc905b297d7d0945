"""Find the root that each path on the command line belongs to; ids and paths are relative to it."""

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from loaders.diagnostics import Diagnostic
from store.writing.file_ids import STREAM_ROOT
from store.writing.session import Session

# `-` on the command line; the store's name for the root of streams.
STANDARD_INPUT = STREAM_ROOT


class Target(NamedTuple):
    """A root to load: the whole folder, or one file in it."""

    root: str
    file: str | None = None


def targets_of(
    paths: Sequence[str], session: Session | None, on_diagnostic: Callable[[Diagnostic], None]
) -> Iterator[Target]:
    """Yield the targets that the paths name, each once, sorted by path.

    A file in a root that was loaded before belongs to that root, so that it keeps its id and its
    path. Any other file belongs to the folder above its Jekyll collection (`_news/`), or else to
    its own folder.
    """
    seen: set[Target] = set()
    for path in sorted(dict.fromkeys(paths)):
        for target in _targets(path, session, on_diagnostic):
            if target not in seen:
                seen.add(target)
                yield target


def _targets(
    path: str, session: Session | None, on_diagnostic: Callable[[Diagnostic], None]
) -> Iterator[Target]:
    if path == STANDARD_INPUT:
        yield Target(STANDARD_INPUT)
        return
    full = os.path.abspath(path)  # noqa: PTH100 - links keep their names
    if os.path.isdir(full):  # noqa: PTH112
        yield Target(os.path.realpath(full))
        return
    if not os.path.lexists(full):
        on_diagnostic(Diagnostic(path, 1, 1, "file", "does not exist", "not-found"))
        return
    full = posixpath.join(os.path.realpath(posixpath.dirname(full)), posixpath.basename(full))
    roots = session.roots_above(full) if session else []
    for root in roots or [site_of(full)]:
        yield Target(root, posixpath.relpath(full, root))


def site_of(full: str) -> str:
    """Return the root of a file that is loaded alone."""
    folders = posixpath.dirname(full).split("/")
    for depth, folder in enumerate(folders):
        if depth and folder.startswith("_") and len(folder) > 1:
            return "/".join(folders[:depth]) or "/"
    return posixpath.dirname(full)
