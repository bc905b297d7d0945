"""Find the root that each path on the command line belongs to; ids and paths are relative to it."""

import os
import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from loaders.diagnostics import BadInput, Diagnostic
from loaders.ignore_file import exclusions_of
from store.writing.file_ids import STREAM_ROOT
from store.writing.session import Session

# `-` on the command line; the store's name for the root of streams.
STANDARD_INPUT = STREAM_ROOT


class Target(NamedTuple):
    """What to load of a root: all of it, some files in it, sorted, or what is `below` a folder.

    `below` is that folder's path in the root, with a slash at its end, or empty.
    """

    root: str
    files: tuple[str, ...] | None = None
    below: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether this is all of a root."""
        return self.files is None and not self.below


def targets_of(
    paths: Sequence[str],
    session: Session | None,
    on_missing: Callable[[Diagnostic], None],
    excluded: Sequence[str] = (),
) -> Iterator[Target]:
    """Yield the targets that the paths name, each once: folders, then files, grouped by root.

    What is in a root that was loaded before, or that another path names, belongs to the outermost
    such root, so that no file has two. Any other folder is a root, also one that is excluded from
    those above it; an excluded file is left out. Any other file belongs to the folder above its
    Jekyll collection (`_news/`), or else to its own folder.
    """
    folders: set[str] = set()
    files: dict[str, set[str]] = {}  # by the folder that they are in
    for path in sorted(set(paths)):
        full = os.path.abspath(path)  # noqa: PTH100 - links keep their names
        if path == STANDARD_INPUT:
            yield Target(STANDARD_INPUT)
        elif not path:  # the working folder, if it was made absolute
            on_missing(Diagnostic(path, 1, 1, "file", "does not exist", "not-found"))
        elif os.path.isdir(full):  # noqa: PTH112
            folders.add(os.path.realpath(full))
        elif os.path.lexists(full):
            folder, name = posixpath.split(full)
            files.setdefault(os.path.realpath(folder), set()).add(name)
        else:
            on_missing(Diagnostic(path, 1, 1, "file", "does not exist", "not-found"))
    roots = _Roots(session, folders, excluded)
    yield from _folder_targets(sorted(folders), roots)
    by_root: dict[str, set[str]] = {}
    for folder, names in files.items():
        # Which roots are above a file depends on its folder alone.
        file = posixpath.join(folder, min(names))
        root = roots.of(folder) or next(iter(roots.above(folder)), None) or site_of(file)
        below = _below(folder, root)
        by_root.setdefault(root, set()).update(below + name for name in names)
    for root, paths_in_root in by_root.items():
        yield Target(root, tuple(sorted(paths_in_root)))


def _folder_targets(folders: Sequence[str], roots: "_Roots") -> Iterator[Target]:
    targets: list[Target] = []
    for folder in folders:
        root = roots.of(folder) or folder
        below = _below(folder, root)
        if not any(root == other.root and below.startswith(other.below) for other in targets):
            targets.append(Target(root, below=below))
    yield from targets


class _Roots:
    """The roots that were loaded, and those that a command names."""

    def __init__(
        self, session: Session | None, named: Collection[str], excluded: Sequence[str]
    ) -> None:
        self._session = session
        self._named = named
        self._excluded = excluded

    def of(self, folder: str) -> str | None:
        """Return the outermost root that finds what is in a folder, or None."""
        return next((root for root in self.above(folder) if self._finds(root, folder)), None)

    def above(self, folder: str) -> list[str]:
        """Return the roots that a folder is in, or that it is, from the outermost."""
        above = {folder, *_parents(folder)} & {*self._named}
        if self._session:
            above.update(self._session.roots_above(posixpath.join(folder, "file")))
        return sorted(above, key=len)

    def _finds(self, root: str, folder: str) -> bool:
        below = _below(folder, root).rstrip("/")
        if not below:
            return True
        if any(name.startswith(".") for name in below.split("/")):
            return False
        try:
            exclusions = exclusions_of(root, self._excluded)
        except BadInput:
            return True  # the load reports it
        return exclusions.reason_on_the_way(below, is_folder=True) is None


def _parents(folder: str) -> Iterator[str]:
    while folder != "/":
        folder = posixpath.dirname(folder)
        yield folder


def _below(folder: str, root: str) -> str:
    """Return the path of a folder in a root, with a slash at its end; empty if it is the root."""
    path = posixpath.relpath(folder, root)
    return "" if path == "." else f"{path}/"


def site_of(full: str) -> str:
    """Return the root of a file that is loaded alone."""
    folders = posixpath.dirname(full).split("/")
    for depth, folder in enumerate(folders):
        if depth and folder.startswith("_") and len(folder) > 1:
            return "/".join(folders[:depth]) or "/"
    return posixpath.dirname(full)
