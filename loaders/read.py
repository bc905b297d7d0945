"""Read one file and turn it into what the store writes. Runs in worker processes too."""

import errno
import os
import stat
from collections.abc import Sequence
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from loaders.authors import Authors
from loaders.diagnostics import BadInput, Diagnostic, Problem
from loaders.parse import parse
from loaders.parsed_file import NotContent, ParsedFile
from loaders.site_rules import SiteRules
from loaders.source_mapping import NO_RULES
from loaders.untaken import MAX_KEYS
from loaders.walk import kind_of
from store.writing.candidates import FileChange, Unstorable, candidate, storable_definition
from store.writing.file_ids import file_id

# Part of every digest: bump it when the same bytes produce different documents.
_READER_VERSION = b"newsgraph 9"


class SourceFile(NamedTuple):
    """A file to load. `path` is relative to `root`; `is_new` when it was not loaded before.

    `authors` are those that it may name by their keys.
    """

    root: str
    path: str
    is_new: bool = True
    authors: Authors | None = None


class FileResult(NamedTuple):
    """A file's change, diagnostics, or both. With neither, the file is not content.

    `errors` and `warnings` count all of its problems, also those that no diagnostic shows.
    `superseded` are the paths of documents that lost to others in the same file, and `untaken` the
    keys that no field took. `skipped` is the path of a file that is not content, and why.
    """

    change: FileChange | None = None
    diagnostics: Sequence[Diagnostic] = ()
    errors: int = 0
    warnings: int = 0
    superseded: Sequence[str] = ()
    untaken: Sequence[str] = ()
    skipped: tuple[str, str] | None = None

    @classmethod
    def failed(cls, path: str, problems: Sequence[Problem]) -> "FileResult":
        """Return the result of a file that cannot be read."""
        diagnostics = [Diagnostic.at(path, problem) for problem in problems]
        return cls(diagnostics=diagnostics, errors=len(diagnostics))


def full_path(root: str, path: str) -> str:
    """Return a file's absolute path."""
    return os.path.join(root, path)  # noqa: PTH118 - pathlib costs more than reading a file


def read_file(file: SourceFile, max_bytes: int, rules: SiteRules = NO_RULES) -> FileResult:
    """Read and parse a file. One that was deleted since it was found is not content."""
    path = full_path(file.root, file.path)
    try:
        data = read_bytes(path, max_bytes)
    except BadInput as error:
        if not os.path.lexists(path):
            return FileResult(skipped=(path, "was deleted"))
        return FileResult.failed(path, error.problems)
    parsed = parse(data, file.root, file.path, rules)
    if not isinstance(parsed, NotContent):
        return result_of(file, path, digest_of(data, rules), parsed)
    if file.is_new:
        return FileResult(skipped=(path, parsed.reason))
    message = f"had items when it was loaded, but now it {parsed.reason}; mend it or exclude it"
    return FileResult.failed(path, [Problem(1, 1, "file", message, "not-content")])


def result_of(file: SourceFile, display_path: str, digest: str, parsed: ParsedFile) -> FileResult:
    """Encode the documents of a parsed file. Diagnostics name it by `display_path`."""
    id_ = file_id(file.root, file.path)
    problems = parsed.problems
    candidates = []
    definitions = []
    for document in parsed.items:
        try:
            candidates.append(candidate(document, id_))
        except Unstorable as error:
            problems.extend([_unstorable(error)])
    for document in parsed.definitions:
        try:
            definitions.append(storable_definition(document))
        except Unstorable as error:
            problems.extend([_unstorable(error)])
    diagnostics = [Diagnostic.at(display_path, problem) for problem in problems]
    if diagnostics and not candidates and not definitions:
        return FileResult(None, diagnostics, problems.errors, problems.warnings)
    change = FileChange(
        file=id_,
        digest=digest,
        is_new=file.is_new,
        candidates=candidates,
        definitions=definitions,
        complete=not problems.errors,
    )
    untaken = tuple(islice(parsed.untaken, MAX_KEYS))
    return FileResult(
        change, diagnostics, problems.errors, problems.warnings, parsed.superseded, untaken
    )


def read_bytes(path: str, max_bytes: int) -> bytes:
    """Read a file. Never waits for a pipe. Raises BadInput."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise _unreadable(error) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            message = f"is {kind_of(status.st_mode)}, not a file"
            raise BadInput(Problem(1, 1, "file", message, "not-a-file"))
        data, size = b"", status.st_size
        if size <= max_bytes:
            # One byte more shows whether this was the end: most files take a single read.
            data = os.read(descriptor, size + 1)
            is_end = len(data) == size
            while not is_end and len(data) <= max_bytes:
                more = os.read(descriptor, 1 << 20)
                data += more
                is_end = not more
        if size > max_bytes or len(data) > max_bytes:
            size = max(size, len(data))
            message = (
                f"is {size / 2**20:.1f} MB; the limit is {max_bytes / 2**20:g} MB "
                "(raise it with --max-mb)"
            )
            raise BadInput(Problem(1, 1, "file", message, "too-large"))
        return data
    except OSError as error:
        raise _unreadable(error) from None
    finally:
        os.close(descriptor)


def digest_of(data: bytes, rules: SiteRules = NO_RULES) -> str:
    """Return the digest by which a file, and what its site says of it, is known to be unchanged."""
    key = rules.digest_key(data)
    return blake2b(data, digest_size=16, person=_READER_VERSION, key=key).hexdigest()


def _unstorable(error: Unstorable) -> Problem:
    return Problem(1, 1, "document", str(error), error.code)


def _unreadable(error: OSError) -> BadInput:
    code = {errno.ENOENT: "vanished", errno.ELOOP: "symlink-loop", errno.ENXIO: "not-a-file"}
    reason = error.strerror or "unknown reason"
    message = "no longer exists" if error.errno == errno.ENOENT else f"cannot be read: {reason}"
    return BadInput(Problem(1, 1, "file", message, code.get(error.errno or 0, "unreadable")))
