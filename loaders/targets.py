"""Which root each path on the command line belongs to: ids and paths are counted from roots."""

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from loaders.diagnostics import Diagnostic
from store.writing.file_ids import STREAM_ROOT
from store.writing.session import Session

# What the command line calls standard input is also its root: the store's for streams.
STANDARD_INPUT = STREAM_ROOT


class Target(NamedTuple):
    """A root to load: the whole folder, or one file in it."""

    root: str
    file: str | None = None


def targets_of(
    paths: Sequence[str], session: Session | None, problem: Callable[[Diagnostic], None]
) -> Iterator[Target]:
    """Give the places that the paths name, each once, in the order of their names.

    A file that lies in a root that was loaded before belongs to that root, so that it keeps its id
    and its path; another one belongs to the site that Jekyll's `_collection` folders show, else to
    its own folder.
    """
    seen: set[Target] = set()
    for path in sorted(dict.fromkeys(paths)):
        for place in _places(path, session, problem):
            if place not in seen:
                seen.add(place)
                yield place


def _places(
    path: str, session: Session | None, problem: Callable[[Diagnostic], None]
) -> Iterator[Target]:
    if path == STANDARD_INPUT:
        yield Target(STANDARD_INPUT)
        return
    full = os.path.abspath(path)  # noqa: PTH100 - links keep their names
    if os.path.isdir(full):  # noqa: PTH112
        yield Target(os.path.realpath(full))
        return
    if not os.path.lexists(full):
        problem(Diagnostic(path, 1, 1, "file", "does not exist", "not-found"))
        return
    full = posixpath.join(os.path.realpath(posixpath.dirname(full)), posixpath.basename(full))
    roots = session.roots_above(full) if session else []
    for root in roots or [site_of(full)]:
        yield Target(root, posixpath.relpath(full, root))


def site_of(full: str) -> str:
    """Give the folder that a lone file's path is counted from."""
    folders = posixpath.dirname(full).split("/")
    for depth, folder in enumerate(folders):
        if depth and folder.startswith("_") and len(folder) > 1:
            return "/".join(folders[:depth]) or "/"
    return posixpath.dirname(full)
