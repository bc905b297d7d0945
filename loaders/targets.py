"""Find the root that each path on the command line belongs to; ids and paths are relative to it."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from loaders.diagnostics import Diagnostic
from store.writing.file_ids import STREAM_ROOT
from store.writing.session import Session

# `-` on the command line; the store's name for the root of streams.
STANDARD_INPUT = STREAM_ROOT


class Target(NamedTuple):
    """A root to load: the whole folder, or some files in it, sorted."""

    root: str
    files: tuple[str, ...] | None = None


def targets_of(
    paths: Sequence[str], session: Session | None, on_missing: Callable[[Diagnostic], None]
) -> Iterator[Target]:
    """Yield the targets that the paths name, each once: folders, then files, grouped by root.

    A file in a root that was loaded before belongs to that root, so that it keeps its id and its
    path. Any other file belongs to the folder above its Jekyll collection (`_news/`), or else to
    its own folder.
    """
    folders: dict[str, None] = {}
    files: dict[str, set[str]] = {}  # by the folder that they are in
    for path in sorted(set(paths)):
        full = os.path.abspath(path)  # noqa: PTH100 - links keep their names
        if path == STANDARD_INPUT:
            folders[STANDARD_INPUT] = None
        elif os.path.isdir(full):  # noqa: PTH112
            folders[os.path.realpath(full)] = None
        elif os.path.lexists(full):
            folder, name = posixpath.split(full)
            files.setdefault(folder, set()).add(name)
        else:
            on_missing(Diagnostic(path, 1, 1, "file", "does not exist", "not-found"))
    for root in folders:
        yield Target(root)
    for root, paths_in_root in _by_root(files, session).items():
        yield Target(root, tuple(sorted(paths_in_root)))


def _by_root(files: Mapping[str, set[str]], session: Session | None) -> dict[str, set[str]]:
    """Return the paths of files by their roots, from their names by folder."""
    by_root: dict[str, set[str]] = {}
    for folder, names in files.items():
        real = os.path.realpath(folder)
        # Which roots are above a file depends on its folder alone.
        some_file = posixpath.join(real, min(names))
        for root in (session.roots_above(some_file) if session else []) or [site_of(some_file)]:
            below = posixpath.relpath(real, root)
            prefix = "" if below == "." else f"{below}/"
            by_root.setdefault(root, set()).update(prefix + name for name in names)
    return by_root


def site_of(full: str) -> str:
    """Return the root of a file that is loaded alone."""
    folders = posixpath.dirname(full).split("/")
    for depth, folder in enumerate(folders):
        if depth and folder.startswith("_") and len(folder) > 1:
            return "/".join(folders[:depth]) or "/"
    return posixpath.dirname(full)
