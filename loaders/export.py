"""Writes a corpus back as files: a folder for each root, which can be loaded again.

Each file is read back as a load would read it. So what is not written as it is stored is known,
such as a document that was edited by hand.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, Protocol

import orjson

from loaders.export_records import Record, definition_record, front_matter_text, item_record
from loaders.formats import SITE_FILE, TEXT_SUFFIXES
from loaders.parse import parse, parse_lines
from loaders.parsed_file import ParsedFile
from loaders.site import Site
from loaders.site_file import parse_site
from loaders.site_rules import rules_of
from store.audience import Audience
from store.documents import Document
from store.schedule import as_in_file
from store.site_fields import SiteField, SiteFields
from store.writing.file_ids import STREAM_ROOT, root_of

PART_BYTES: Final = 4 * 2**20
"""Bytes of a file of JSON lines, after which another begins: a load reads 8 MiB unless told to."""

_STREAM_NAME: Final = "standard-input"


class Corpus(Protocol):
    """What is exported: `store.reading.whole_corpus.WholeCorpus`."""

    def items(self) -> Iterator[Document]: ...
    def definitions(self) -> Iterator[tuple[str, Document]]: ...
    def site_fields(self) -> Mapping[str, SiteFields]: ...


@dataclass
class ExportReport:
    """What was written: counts, the folders to load, and what is not as it is stored."""

    items: int = 0
    unpublished: int = 0
    definitions: int = 0
    folders: list[Path] = field(default_factory=list)
    inexact: list[str] = field(default_factory=list)


def export(
    corpus: Corpus,
    target: Path,
    *,
    as_lines: bool = False,
    on_progress: Callable[[ExportReport], None] = lambda _: None,
) -> ExportReport:
    """Write a corpus into an empty folder; `as_lines` writes all items as JSON lines.

    Raises OSError.
    """
    report = ExportReport()
    sites = corpus.site_fields()
    roots: dict[str, _Root] = {}

    def root_for(file: str) -> _Root:
        root = root_of(file)
        if root not in roots:
            folder = _folder_for(root, target, report.folders)
            report.folders.append(folder)
            roots[root] = _Root(folder, sites.get(root, ()), as_lines)
        return roots[root]

    try:
        for file, definition in corpus.definitions():
            report.definitions += 1
            if not root_for(file).add_definition(definition):
                report.inexact.append(definition["_id"])
        for item in corpus.items():
            report.items += 1
            report.unpublished += not item["published"]
            file = item["source"]["file"]
            if not root_for(file).add_item(item, file):
                report.inexact.append(item["_id"])
            on_progress(report)
    finally:
        for one in roots.values():
            one.close()
    return report


def _folder_for(root: str, target: Path, taken: list[Path]) -> Path:
    """Return a folder of the root's name, on which the ids of items without a URL depend."""
    name = _STREAM_NAME if root == STREAM_ROOT else posixpath.basename(root) or "root"
    folder, number = target / name, 1
    while folder in taken:
        number += 1
        folder = target / str(number) / name
    return folder


class _Root:
    """The folder of one root."""

    def __init__(self, folder: Path, fields: SiteFields, as_lines: bool) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._fields = fields
        self._as_lines = as_lines
        self._rules = (
            rules_of(_write_site(folder, fields)) if fields else rules_of(parse_site("{}"))
        )
        self._items = _Parts(folder, "items")
        self._definitions = _Parts(folder, "definitions")

    def close(self) -> None:
        self._items.close()
        self._definitions.close()

    def add_definition(self, definition: Document) -> bool:
        """Write a definition; return whether it is read back as it is stored."""
        line = orjson.dumps({**definition_record(definition), "path": definition["path"]})
        self._definitions.add(line)
        return self._read_line(line, "definitions", definition)

    def add_item(self, item: Document, file: str) -> bool:
        """Write an item; return whether it is read back as it is stored."""
        stored = as_in_file({key: value for key, value in item.items() if key != "source"})
        record = item_record(stored, self._fields, self._folder.name)
        if not self._as_lines and self._write_text(stored, record, file):
            return True
        line = orjson.dumps({**record, "path": item["path"]})
        self._items.add(line)
        return self._read_line(line, "items", stored)

    def _write_text(self, item: Document, record: Record, file: str) -> bool:
        """Write an item's own file if it had one; return whether that says all of the item."""
        path = item["path"]
        parts = PurePosixPath(path).parts
        if not file.endswith(f"//{path}") or PurePosixPath(path).suffix not in TEXT_SUFFIXES:
            return False
        if any(part.startswith((".", "/")) for part in parts):  # hidden, or above the folder
            return False
        data = front_matter_text(record).encode()
        parsed = parse(data, str(self._folder), path, self._rules)
        if not isinstance(parsed, ParsedFile) or not _is_only(parsed, item):
            return False
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return True

    def _read_line(self, line: bytes, name: str, stored: Document) -> bool:
        parsed = parse_lines([(0, line)], str(self._folder), f"{name}.jsonl", self._rules)
        return _is_only(parsed, stored)


class _Parts:
    """Files of JSON lines: NAME-0001.jsonl and so on."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._number = 0
        self._size = PART_BYTES
        self._file: BinaryIO | None = None

    def add(self, line: bytes) -> None:
        if self._file is None or self._size + len(line) >= PART_BYTES:
            self.close()
            self._number, self._size = self._number + 1, 0
            self._file = (self._folder / f"{self._name}-{self._number:04}.jsonl").open("wb")
        self._size += self._file.write(line + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _is_only(parsed: ParsedFile, stored: Mapping[str, Any]) -> bool:
    found = [*parsed.items, *parsed.definitions]
    return found == [stored] and not parsed.problems.errors and not parsed.problems.warnings


def _write_site(folder: Path, fields: SiteFields) -> Site:
    text = orjson.dumps(
        {"fields": {one.name: _declared(one) for one in fields}}, option=orjson.OPT_INDENT_2
    )
    (folder / SITE_FILE).write_bytes(text + b"\n")
    return parse_site(text.decode())


def _declared(one: SiteField) -> Record:
    declared: Record = {"type": one.type.value}
    if one.key != one.name:
        declared["key"] = one.key
    if one.description:
        declared["description"] = one.description
    if one.filter:
        declared["filter"] = True
    if one.audience is not Audience.PUBLIC:
        declared["audience"] = one.audience.value
    return declared
