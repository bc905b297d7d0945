"""Compare a root with its manifest: which files are new or changed, unchanged, or gone."""

import os
import posixpath
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias

from loaders.author_files import AuthorFiles, Listed
from loaders.diagnostics import BadInput, Diagnostic
from loaders.exclusions import Exclusions
from loaders.formats import SITE_FILE
from loaders.ignore_file import exclusions_of
from loaders.read import SourceFile, digest_of, full_path, read_bytes
from loaders.site_rules import SiteRules
from loaders.source_mapping import NO_RULES
from loaders.targets import Target
from loaders.walk import Found, walk
from store.writing.manifest import LoadedFile
from store.writing.session import Session

_BATCH = 1000  # files whose entries of the manifest are read at once


class Skipped(NamedTuple):
    """A file or folder that is not content, and why."""

    path: str
    reason: str


class Unreadable(NamedTuple):
    """Something in a folder that cannot be read, perhaps with files below it."""

    diagnostic: Diagnostic


class Gone(NamedTuple):
    """A loaded file that is no longer in the root."""

    loaded_file: LoadedFile


# A loaded file is unchanged; a source file is to be loaded, because it is new or has changed.
Comparison: TypeAlias = LoadedFile | SourceFile | Skipped | Unreadable | Gone


def compare(
    target: Target,
    session: Session | None,
    max_bytes: int,
    exclusions: Exclusions,
    rules: SiteRules = NO_RULES,
) -> Iterator[Comparison]:
    """Compare a target with what the store knows of it. Without a session every file is new.

    Only files that were loaded before are read here.
    """
    root = target.root
    author_files = AuthorFiles(root)
    for found, loaded_file in _pairs(target, session, exclusions):
        if found is None:
            if loaded_file:
                yield Gone(loaded_file)
            continue
        listed = author_files.listed_for(found.path)
        while author_files.diagnostics:
            yield Unreadable(author_files.diagnostics.pop())
        if found.problem:
            yield Unreadable(Diagnostic.at(full_path(root, found.path), found.problem))
        elif not found.is_content:
            yield Skipped(found.path, found.reason)
        elif loaded_file and _is_unchanged(root, loaded_file, max_bytes, rules, listed):
            yield loaded_file
        elif loaded_file is None and author_files.is_list(found.path):
            yield Skipped(found.path, "lists authors, whose names are used")
        else:
            yield SourceFile(root, found.path, loaded_file is None, listed.authors)


def count_files(paths: Sequence[str], excluded: Sequence[str] = ()) -> int:
    """Count the files that a load of these paths will find, for its progress bar."""
    folders = [path for path in paths if os.path.isdir(path)]  # noqa: PTH112
    count = len(paths) - len(folders)
    for folder in folders:
        with suppress(BadInput):  # which the load reports
            count += sum(1 for _ in walk(folder, exclusions_of(folder, excluded)))
    return count


def _is_unchanged(
    root: str, loaded_file: LoadedFile, max_bytes: int, rules: SiteRules, listed: Listed
) -> bool:
    try:
        data = read_bytes(full_path(root, loaded_file.path), max_bytes)
    except BadInput:
        return False  # loading it finds the same problem, and reports it
    if listed.is_broken and b"author" in data:
        return True  # so that its authors keep their names until the list is mended
    return digest_of(data, rules.with_authors(listed.authors)) == loaded_file.digest


def _pairs(
    target: Target, session: Session | None, exclusions: Exclusions
) -> Iterator[tuple[Found | None, LoadedFile | None]]:
    """Yield each file with what was loaded of it before, and None where one of them is missing."""
    root, files, below = target
    if files is not None:
        yield from _named(root, files, session, exclusions)
        return
    loaded_files = session.loaded_files(root, below) if session else iter(())
    loaded_file = next(loaded_files, None)
    for found in walk(root, exclusions, below):
        while loaded_file and loaded_file.path != found.path and _precedes(loaded_file, found):
            yield None, loaded_file
            loaded_file = next(loaded_files, None)
        if loaded_file and loaded_file.path == found.path:
            yield found, loaded_file
            loaded_file = next(loaded_files, None)
        else:
            yield found, None
    while loaded_file:
        yield None, loaded_file
        loaded_file = next(loaded_files, None)


def _named(
    root: str, files: Sequence[str], session: Session | None, exclusions: Exclusions
) -> Iterator[tuple[Found, LoadedFile | None]]:
    for start in range(0, len(files), _BATCH):
        batch = files[start : start + _BATCH]
        loaded_files = session.files_loaded(root, batch) if session else {}
        for file in batch:
            reason = exclusions.reason_on_the_way(file)
            if posixpath.basename(file) == SITE_FILE:
                reason = "is a site file"
            if reason:
                yield Found(file, is_content=False, reason=reason), None
            else:
                yield Found(file, is_content=True), loaded_files.get(file)


def _precedes(loaded_file: LoadedFile, found: Found) -> bool:
    """Compare in byte order, which both the manifest and `walk` have."""
    return os.fsencode(loaded_file.path) < os.fsencode(found.path)
