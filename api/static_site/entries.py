"""What is to be answered: each query of a folder, with each of its variables."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import OperationDefinitionNode, parse

from api.documents.folder import GRAPHQL_SUFFIXES, BadDocuments, read_documents

VARIABLES: Final = ".variables.json"
"""Of a file beside a query: `Front.variables.json` has the variables of `Front.graphql`."""

MAX_ENTRIES: Final = 100_000
"""Answers of one build, not counting further pages."""

_NAME: Final = re.compile(r"[\w~-][\w.~-]{0,199}")
_SHAPE: Final = (
    'write a list of variables like [{"first": 10}], or an object of them by the name of the answer'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer to make."""

    name: str
    """The path of its file below the site, without the suffix."""
    query: str
    variables: Mapping[str, Any]
    source: str
    """The file of the query."""
    has_pages: bool
    """Whether the query takes `$after`, which the variables leave to the build."""


def read_entries(folder: Path) -> list[Entry]:
    """Return what the queries of a folder ask for. Raises BadDocuments."""
    problems: list[str] = []
    entries: list[Entry] = []
    for path in _queries_in(folder):
        try:
            entries += _entries_of(path, folder)
        except BadDocuments as error:
            problems += error.problems
        if len(entries) > MAX_ENTRIES:
            raise BadDocuments([f"{path}: these are more than {MAX_ENTRIES:,} answers."])
    problems += _collisions(entries)
    if problems:
        raise BadDocuments(problems)
    return entries


def _queries_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadDocuments([f"{folder} is not a folder"])
    found = [
        Path(above, name)
        for above, folders, names in os.walk(folder)
        for name in names
        if Path(name).suffix in GRAPHQL_SUFFIXES and not name.startswith(".")
    ]
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _entries_of(path: Path, folder: Path) -> Iterator[Entry]:
    (document,) = read_documents(path)
    name = path.relative_to(folder).with_suffix("").as_posix()
    takes_after = "after" in _variables_of(document.text)
    for below, variables in _given(path):
        yield Entry(
            f"{name}/{below}" if below else name,
            document.text,
            variables,
            str(path),
            has_pages=takes_after and "after" not in variables,
        )


def _variables_of(text: str) -> set[str]:
    return {
        definition.variable.name.value
        for operation in parse(text).definitions
        if isinstance(operation, OperationDefinitionNode)
        for definition in operation.variable_definitions or ()
    }


def _given(query: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the variables of a query, each with the name of its answer below the query's."""
    path = query.with_suffix(VARIABLES)
    try:
        found = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return [("", {})]
    except OSError as error:
        raise BadDocuments([f"{path}: {error.strerror}."]) from None
    except orjson.JSONDecodeError as error:
        raise BadDocuments([f"{path}: this is not JSON: {error.msg}."]) from None
    if isinstance(found, list):
        found = {str(number): one for number, one in enumerate(found, 1)}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise BadDocuments([f"{path}: {_SHAPE}."])
    if wrong := next((name for name in found if not _NAME.fullmatch(name)), None):
        message = f"{wrong[:60]!r} cannot name a file; use letters, digits, hyphens and points"
        raise BadDocuments([f"{path}: {message}."])
    return [*found.items()]


def _collisions(entries: list[Entry]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for entry in entries:
        if (other := seen.setdefault(entry.name, entry.source)) != entry.source:
            yield f"{entry.source}: {other} has the same answer, {entry.name}.json. Rename one."
