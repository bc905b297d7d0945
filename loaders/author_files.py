"""Find and read the files that list authors: Docusaurus' `authors.yml`, Jekyll's in `_data`.

See https://docusaurus.io/docs/blog#global-authors.
"""

import os
import posixpath
from collections.abc import Mapping
from typing import Final, NamedTuple

from loaders.authors import Authors
from loaders.diagnostics import BadInput, Diagnostic, FieldPath, Problem
from loaders.parse import decode
from loaders.read import full_path, read_bytes
from loaders.values import Value
from loaders.yaml_text import YamlText
from store.ids import MAX_NAME_LENGTH

AUTHOR_FILE: Final = "authors.yml"
_DATA_FILE: Final = f"_data/{AUTHOR_FILE}"
MAX_BYTES: Final = 256 * 1024
"""Of a file of authors."""
MAX_AUTHORS: Final = 1_000
"""Of one file."""
_MAX_FOLDERS: Final = 1_000
"""Folders whose authors are kept."""


class Listed(NamedTuple):
    """The authors for the files of a folder, or that the file that lists them cannot be used."""

    authors: Authors | None = None
    is_broken: bool = False


class AuthorFiles:
    """Knows the authors for each folder of a root: those of the nearest file, in it or above.

    `diagnostics` has what is wrong with these files, for the caller to take.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._by_folder: dict[str, Listed] = {}
        self._reported: set[str] = set()
        self.diagnostics: list[Diagnostic] = []

    def listed_for(self, path: str) -> Listed:
        """Return the authors for a file of the root."""
        folder = posixpath.dirname(path)
        if folder not in self._by_folder:
            found = self._find(folder)
            if len(self._by_folder) >= _MAX_FOLDERS:
                self._by_folder.clear()
            self._by_folder[folder] = found
        return self._by_folder[folder]

    def is_list(self, path: str) -> bool:
        """Return whether a file of the root lists authors, well or not."""
        return posixpath.basename(path) == AUTHOR_FILE and self._read(path) is not None

    def _find(self, folder: str) -> Listed:
        if found := self._read(posixpath.join(folder, AUTHOR_FILE)):
            return found
        return self.listed_for(folder) if folder else self._read(_DATA_FILE) or Listed()

    def _read(self, path: str) -> Listed | None:
        full = full_path(self._root, path)
        if not os.path.lexists(full):
            return None
        try:
            authors = authors_in(decode(read_bytes(full, MAX_BYTES)))
        except BadInput as error:
            if path not in self._reported:
                self._reported.add(path)
                self.diagnostics += (Diagnostic.at(full, problem) for problem in error.problems)
            return Listed(is_broken=True)
        return Listed(authors) if authors else None


def authors_in(text: str) -> Authors | None:
    """Return the authors that a text lists, or None if it is something else.

    It lists authors if it is a mapping of mappings, at least one of which has a `name`. Raises
    BadInput for what is not valid in such a list.
    """
    yaml = YamlText(text)
    data = yaml.value({})
    if not isinstance(data, dict) or not any(map(_has_name, data.values())):
        return None
    problems: list[Problem] = []
    if len(data) > MAX_AUTHORS:
        message = f"lists {len(data)} authors; the limit is {MAX_AUTHORS}"
        problems.append(Problem(1, 1, AUTHOR_FILE, message, "too-many"))
    names: dict[str, str] = {}
    for key, entry in data.items() if not problems else ():
        try:
            if (name := _name_of(yaml, key, entry)) is not None:
                names[key] = name
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(*problems)
    return Authors(names)


def _has_name(entry: Value) -> bool:
    return isinstance(entry, dict) and "name" in entry


def _name_of(yaml: YamlText, key: str, entry: Value) -> str | None:
    path: FieldPath = (key,)
    name = entry
    if isinstance(entry, Mapping):
        if entry.get("name") is None:
            return None  # Docusaurus shows the picture alone
        path, name = (key, "name"), entry["name"]
    if not isinstance(name, str):
        name = yaml.written(path)
    if name is None:
        message = "has to be a mapping like {name: Ada Moor}"
        raise BadInput(Problem(*yaml.position_of(path), ".".join(map(str, path)), message, "shape"))
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        message = f"has {len(name)} characters; write 1 to {MAX_NAME_LENGTH}"
        code = "too-long" if name else "missing"
        raise BadInput(Problem(*yaml.position_of(path), ".".join(map(str, path)), message, code))
    return name
