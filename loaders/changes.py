"""Compare a root with its manifest: which files are new or changed, unchanged, or gone."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from loaders.diagnostics import BadInput, Diagnostic
from loaders.read import SourceFile, full_path, read_content
from loaders.targets import Target
from loaders.walk import Found, walk
from store.writing.manifest import LoadedFile
from store.writing.session import Session


class Skipped(NamedTuple):
    """A file that is not content."""

    path: str


class Unreadable(NamedTuple):
    """Something in a folder that cannot be read, perhaps with files below it."""

    diagnostic: Diagnostic


class Unchanged(NamedTuple):
    """A file whose content is the one that was loaded."""

    file: LoadedFile


class Gone(NamedTuple):
    """A loaded file that is no longer in the root."""

    file: LoadedFile


# A SourceFile is one to load, because it is new or has changed.
Comparison: TypeAlias = Skipped | Unreadable | Unchanged | Gone | SourceFile


def compare(target: Target, session: Session | None, max_bytes: int) -> Iterator[Comparison]:
    """Compare a target with what the store knows of it. Without a session every file is new.

    Only files that were loaded before are read here; they keep their content, so that no file is
    read twice.
    """
    root = target.root
    for pair in _pairs(target, session):
        if isinstance(pair, Gone):
            yield pair
            continue
        found, loaded = pair
        if found.problem:
            yield Unreadable(Diagnostic.at(full_path(root, found.path), found.problem))
        elif not found.is_content:
            yield Skipped(found.path)
        elif loaded is None:
            yield SourceFile(root, found.path)
        else:
            yield _compare_digests(root, loaded, max_bytes)


def _compare_digests(root: str, loaded: LoadedFile, max_bytes: int) -> Unchanged | SourceFile:
    try:
        content = read_content(full_path(root, loaded.path), max_bytes)
    except BadInput:
        # Reading it again finds the same problem, and reports it.
        return SourceFile(root, loaded.path, is_new=False)
    if content.digest == loaded.digest:
        return Unchanged(loaded)
    return SourceFile(root, loaded.path, is_new=False, content=content)


def _pairs(
    target: Target, session: Session | None
) -> Iterator[tuple[Found, LoadedFile | None] | Gone]:
    """Yield each file with what was loaded of it before, if anything, and those that are gone."""
    root, file = target
    if file is not None:
        yield Found(file, is_content=True), session.loaded_file(root, file) if session else None
        return
    loaded_files = session.loaded_files(root) if session else iter(())
    loaded = next(loaded_files, None)
    for found in walk(root):
        path = found.path.encode("utf-8", "surrogateescape")
        while loaded and loaded.path.encode() < path:
            yield Gone(loaded)
            loaded = next(loaded_files, None)
        if loaded and loaded.path == found.path:
            yield found, loaded
            loaded = next(loaded_files, None)
        else:
            yield found, None
    while loaded:
        yield Gone(loaded)
        loaded = next(loaded_files, None)
