"""Reads the documents of a folder: `.graphql` files, and the manifests of client tools."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphql import ExecutableDefinitionNode, GraphQLError, OperationDefinitionNode

from api.documents.checking import message_of
from api.documents.document import Document, sha256
from api.documents.manifests import read_manifest
from schema.limits.limits import Limits
from schema.limits.parsing import parse_within

MAX_DOCUMENTS: Final = 5_000
"""Documents in one folder."""

MAX_BYTES: Final = 32 * 2**20
"""Bytes of all files together: each worker keeps the texts."""

MAX_PROBLEMS: Final = 20
"""Problems that are reported at once."""

GRAPHQL_SUFFIXES: Final = frozenset({".graphql", ".gql"})
_MANIFEST: Final = ".json"
_VARIABLES: Final = ".variables.json"  # for `newsgraph build`, beside a query
# What identifiers may consist of (GraphQL over HTTP, appendix "Persisted Documents").
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,256}")


class BadDocuments(Exception):
    """Documents that cannot be used; each of the problems is a line that begins with a file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_documents(path: Path) -> list[Document]:
    """Return the documents of a folder or of one file, each once. Raises BadDocuments.

    Each is parsed; whether a schema has what it asks for is not checked here.
    """
    found: dict[str, Document] = {}  # by each of its ids
    problems: list[str] = []
    try:
        for number, document in enumerate(_all_in(path)):
            if number == MAX_DOCUMENTS:
                raise BadDocuments([f"{path}: there are more than {MAX_DOCUMENTS:,} documents."])
            problems += _problems_of(document, found)
            for id_ in document.ids:
                found.setdefault(id_, document)
            if len(problems) >= MAX_PROBLEMS:
                break
    except OSError as error:
        problems.append(f"{error.filename or path}: {error.strerror}.")
    if problems:
        raise BadDocuments(problems)
    return _with_all_ids(found)


def _with_all_ids(found: dict[str, Document]) -> list[Document]:
    """Return each text once, with the ids that it has in all files."""
    ids: dict[str, list[str]] = {}
    first: dict[str, Document] = {}
    for id_, document in found.items():
        ids.setdefault(document.text, []).append(id_)
        first.setdefault(document.text, document)
    return [replace(document, ids=tuple(ids[text])) for text, document in first.items()]


def _problems_of(document: Document, found: dict[str, Document]) -> Iterator[str]:
    for id_ in document.ids:
        other = found.get(id_)
        if other is not None and other.text != document.text:
            yield f"{document.place()}: {other.place()} has the same id, {id_!r}. Rename one."
    try:
        node = parse_within(document.text, Limits())
    except GraphQLError as error:
        yield message_of(error, document)
        return
    if not all(isinstance(one, ExecutableDefinitionNode) for one in node.definitions):
        yield f"{document.place()}: only operations and fragments may be in a document."
    elif not any(isinstance(one, OperationDefinitionNode) for one in node.definitions):
        yield (
            f"{document.place()}: there is no operation in it. "
            "Put fragments into the files whose operations use them."
        )


def _all_in(path: Path) -> Iterator[Document]:
    size = 0
    for file in _files_in(path):
        size += file.stat().st_size
        if size > MAX_BYTES:
            raise BadDocuments([f"{path}: the files have more than {MAX_BYTES // 2**20} MiB."])
        content = file.read_bytes()
        try:
            if file.suffix == _MANIFEST:
                yield from read_manifest(str(file), content)
            else:
                text = content.decode()
                names = (file.stem,) if _ID.fullmatch(file.stem) else ()
                yield Document((*names, sha256(text)), text, str(file))
        except UnicodeDecodeError:
            raise BadDocuments([f"{file}:1:1: this is not UTF-8."]) from None
        except ValueError as error:
            raise BadDocuments([f"{file}:1:1: {error}"]) from None


def _files_in(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            is_left_out = name.startswith(".") or name.endswith(_VARIABLES)
            if not is_left_out and file.suffix in {*GRAPHQL_SUFFIXES, _MANIFEST}:
                yield file


def _raise(error: OSError) -> None:
    raise error
