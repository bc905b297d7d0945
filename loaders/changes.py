"""Compare a root with its manifest: which files are new or changed, unchanged, or gone."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from loaders.diagnostics import BadInput, Diagnostic
from loaders.read import SourceFile, full_path, read_content
from loaders.targets import Target
from loaders.walk import Found, walk
from store.writing.manifest import Entry
from store.writing.session import Session


class Skipped(NamedTuple):
    """A file that is not content."""

    path: str


class Unreadable(NamedTuple):
    """Something in a folder that cannot be read, perhaps with files below it."""

    diagnostic: Diagnostic


class Unchanged(NamedTuple):
    """A file whose digest is that of its entry."""

    entry: Entry


class Gone(NamedTuple):
    """An entry whose file is no longer in the root."""

    entry: Entry


# A SourceFile is one to load, because it is new or has changed.
Comparison: TypeAlias = Skipped | Unreadable | Unchanged | Gone | SourceFile


def compare(target: Target, session: Session | None, max_bytes: int) -> Iterator[Comparison]:
    """Compare a target with what the store knows of it. Without a session every file is new.

    Only files with an entry are read here; they keep their content, so that no file is read twice.
    """
    root = target.root
    for pair in _pairs(target, session):
        if isinstance(pair, Gone):
            yield pair
            continue
        found, entry = pair
        if found.fault:
            yield Unreadable(Diagnostic.at(full_path(root, found.path), found.fault))
        elif not found.is_content:
            yield Skipped(found.path)
        elif entry is None:
            yield SourceFile(root, found.path)
        else:
            yield _compare_digests(root, entry, max_bytes)


def _compare_digests(root: str, entry: Entry, max_bytes: int) -> Unchanged | SourceFile:
    try:
        content = read_content(full_path(root, entry.path), max_bytes)
    except BadInput:
        # Reading it again finds the same fault, and reports it.
        return SourceFile(root, entry.path, is_new=False)
    if content.digest == entry.digest:
        return Unchanged(entry)
    return SourceFile(root, entry.path, is_new=False, content=content)


def _pairs(target: Target, session: Session | None) -> Iterator[tuple[Found, Entry | None] | Gone]:
    """Yield each file with its entry, if it has one, and the entries that have no file."""
    root, file = target
    if file is not None:
        yield Found(file, is_content=True), session.entry(root, file) if session else None
        return
    entries = session.entries(root) if session else iter(())
    entry = next(entries, None)
    for found in walk(root):
        path = found.path.encode("utf-8", "surrogateescape")
        while entry and entry.path.encode() < path:
            yield Gone(entry)
            entry = next(entries, None)
        if entry and entry.path == found.path:
            yield found, entry
            entry = next(entries, None)
        else:
            yield found, None
    while entry:
        yield Gone(entry)
        entry = next(entries, None)
