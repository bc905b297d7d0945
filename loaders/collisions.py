"""Items without a URL that are different, but have one id: of two roots of one name."""

import os
from collections.abc import Iterable

from loaders.diagnostics import Diagnostic, Problem, Severity
from store.writing.batch import Loss
from store.writing.candidates import FileChange
from store.writing.file_ids import is_stream, root_of


def collision_of(loss: Loss, changes: Iterable[FileChange]) -> Diagnostic | None:
    """Return a warning that names both files, or None if they mean the same item.

    They do if they have the same URL, or the same path in one root or stream, or if one of the
    files is gone: its root was moved. `changes` have one of the two items.
    """
    files = (loss.loser, loss.winner)
    if root_of(loss.loser) == root_of(loss.winner) or any(map(is_stream, files)):
        return None
    if not all(os.path.lexists(display_path(file)) for file in files):
        return None
    documents = (
        candidate.document
        for change in changes
        if change.file in files
        for candidate in change.candidates
        if candidate.id == loss.item
    )
    if any("webUrl" in document or "originalUrl" in document for document in documents):
        return None
    message = (
        f"is missing, and the item has the id of that in {display_path(loss.winner)}, which takes "
        "its place; write a webUrl, or a url into the newsgraph.yaml of each root"
    )
    problem = Problem(1, 1, "webUrl", message, "same-id", Severity.WARNING)
    return Diagnostic.at(display_path(loss.loser), problem)


def display_path(file: str) -> str:
    """Return the path of a loaded file, given by its id."""
    return file.replace("//", "/")
