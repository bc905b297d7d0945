"""Take back what was loaded from a root."""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from loaders.nesting import batches
from store.writing.file_ids import file_id
from store.writing.roots import LoadedRoot
from store.writing.session import Session


class Forgotten(NamedTuple):
    """What was deleted. It is not complete if the command was stopped: repeat it."""

    files: int
    documents: int
    is_complete: bool


def named(path: str, roots: Sequence[LoadedRoot]) -> LoadedRoot | None:
    """Return the root that a path names; its folder need not exist any more."""
    spellings = (path, os.path.abspath(path), os.path.realpath(path))  # noqa: PTH100
    return next((root for root in roots if root.root in spellings), None)


def is_more_than_half(root: LoadedRoot, roots: Sequence[LoadedRoot]) -> bool:
    """Return whether more files are of this root than of all others: perhaps a mistake."""
    return 2 * root.files > sum(other.files for other in roots)


def forget(session: Session, root: str, stopped: Callable[[], bool]) -> Forgotten:
    """Delete the files of a root, and everything that they offered. Raises StoreError.

    Items that other roots offer too are then theirs. If this is killed, the next call ends it.
    """
    files = documents = 0
    session.record_root(root, 0, [])  # the root stays known, however far this gets
    for batch in batches(session.loaded_files(root)):
        if stopped():
            break
        outcome = session.remove([file_id(root, file.path) for file in batch])
        files += len(batch)
        documents += outcome.pruned
    is_complete = next(session.loaded_files(root), None) is None
    if is_complete:
        session.set_site(root, ())
    session.finish()
    if is_complete:
        session.forget_root(root)
    return Forgotten(files, documents, is_complete)
