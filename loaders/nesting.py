"""Move the files of inner roots to an outer root, so that each file belongs to one root."""

import os
from collections.abc import Callable, Iterator
from itertools import islice

from loaders.read import full_path
from store.writing.file_ids import file_id
from store.writing.manifest import LoadedFile
from store.writing.session import Session

_BATCH = 500  # files


def take_over(
    session: Session, root: str, stopped: Callable[[], bool], *, prune: bool
) -> list[str]:
    """Delete, from the roots below a root, the files that the outer root has loaded as its own.

    Comes after the load of the outer root, so that no item is missing meanwhile. A file that the
    outer root has not loaded stays, such as one with errors; if it is gone, `prune` deletes it.
    Returns the roots that are no longer roots.
    """
    taken: list[str] = []
    for inner in session.roots_below(root):
        below = os.path.relpath(inner, root)
        for files in batches(session.loaded_files(inner)):
            if stopped():
                return taken
            paths = [file.path for file in files]
            loaded = session.files_loaded(root, [f"{below}/{path}" for path in paths])
            over = [
                file_id(inner, path)
                for path in paths
                if f"{below}/{path}" in loaded
                or (prune and not os.path.lexists(full_path(inner, path)))
            ]
            if over:
                session.remove(over)
        if next(session.loaded_files(inner), None) is None:
            session.forget_root(inner)
            session.set_site(inner, ())
            taken.append(inner)
    return taken


def batches(files: Iterator[LoadedFile]) -> Iterator[list[LoadedFile]]:
    """Yield files in batches that are removed at once."""
    while batch := list(islice(files, _BATCH)):
        yield batch
