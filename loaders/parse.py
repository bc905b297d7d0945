"""From the bytes of a file to its documents and faults."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from yaml import Node

from loaders import front_matter, json_text, plain_yaml
from loaders.diagnostics import BadInput, Fault, line_and_column
from loaders.item_builder import Source, document_of, folders_of
from loaders.known_keys import DEFINITION, ITEM, Shape
from loaders.validation_messages import Location
from loaders.yaml_nodes import BadNode, compose, mark_of, value_of
from store.writing.file_ids import STREAM_ROOT

TEXT_SUFFIXES = frozenset((".md", ".markdown", ".txt", ".html"))
YAML_SUFFIXES = frozenset((".yml", ".yaml"))
LINES_SUFFIXES = frozenset((".jsonl", ".ndjson"))
SUFFIXES = TEXT_SUFFIXES | YAML_SUFFIXES | LINES_SUFFIXES | {".json"}

# Files that repositories have beside their content.
_ABOUT = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|authors|contributors|contributing|changelog|changes|"
    r"history|security|code[_-]of[_-]conduct|robots|humans)\b",
    re.IGNORECASE,
)
_TAXONOMY = re.compile(r"^taxonomy:[ \t]*['\"]?(?:organization|topic)\b", re.MULTILINE)


class Parsed(NamedTuple):
    """What a file gave: its documents with their kinds, its faults, or that it is no content.

    `losers` are the paths of documents that others in the same file supersede.
    """

    documents: list[tuple[str, dict[str, Any]]]
    faults: list[Fault]
    skipped: bool = False
    losers: Sequence[str] = ()


def parse(data: bytes, root: str, path: str) -> Parsed:
    """Read a file's bytes as what its name says they are. `path` is from `root`."""
    stem, suffix = posixpath.splitext(posixpath.basename(path).lower())
    try:
        if suffix in LINES_SUFFIXES:
            return parse_lines(enumerate(data.split(b"\n")), root, path)
        text = decode(data)
        if suffix == ".json":
            return _gathered(json_text.records(text), root, path)
        parts = front_matter.split(text) if suffix not in YAML_SUFFIXES else _yaml_parts(text)
        if parts is None:
            if _ABOUT.match(stem):
                return Parsed([], [], skipped=True)
            message = "is missing; begin the file with a line of three hyphens"
            raise BadInput(Fault(1, 1, "front matter", message, "no-front-matter"))
        return Parsed([_document(parts, root, path)], [])
    except BadInput as error:
        return Parsed([], list(error.faults))


def parse_lines(lines: Iterable[tuple[int, bytes]], root: str, path: str) -> Parsed:
    """Read numbered lines of JSON; a broken one spoils no other."""
    return _gathered(_lines(lines), root, path)


def decode(data: bytes) -> str:
    """Give a file's text: UTF-8, a byte order mark left out. Raises BadInput."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        byte = data[error.start]
        message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        raise BadInput(
            Fault(*line_and_column(before, len(before)), "text", message, "encoding")
        ) from None
    if "\0" in text:
        place = line_and_column(text, text.index("\0"))
        raise BadInput(Fault(*place, "text", "has a NUL character; is it a binary file?", "nul"))
    return text


def _yaml_parts(text: str) -> front_matter.FrontMatter:
    try:
        parts = front_matter.split(text)
    except BadInput:
        parts = None  # a single YAML document may begin with its marker
    return parts or front_matter.FrontMatter(text, 0, "")


def _document(parts: front_matter.FrontMatter, root: str, path: str) -> tuple[str, dict[str, Any]]:
    try:
        return _composed(parts, root, path)
    except BadInput as error:
        raise BadInput(
            *(fault._replace(line=fault.line + parts.line) for fault in error.faults)
        ) from None


def _composed(parts: front_matter.FrontMatter, root: str, path: str) -> tuple[str, dict[str, Any]]:
    defines = "taxonomy" in parts.yaml and _TAXONOMY.search(parts.yaml)
    shape = DEFINITION if defines else ITEM
    yaml = _Yaml(parts.yaml)
    data = plain_yaml.read(parts.yaml, shape)
    if data is None:
        data = yaml.value(shape)
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a word or a number"
        message = f'is {what}; write keys and values like title: "A title"'
        raise BadInput(Fault(1, 1, "front matter", message, "shape"))
    body = front_matter.body_of(parts.body)
    return document_of(Source(data, path, yaml.place, yaml.typed, folders_of(root, path), body))


class _Yaml:
    """A YAML text's nodes, made when they are needed: most texts are plain and right."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> Node | None:
        return compose(self._text)

    def value(self, shape: Shape | None) -> Any:
        """Give what the text holds; see `nodes.value_of`."""
        if self._root is None:
            return {}
        try:
            return value_of(self._root, shape)
        except BadNode as error:
            raise error.within(self._root) from None

    def typed(self, key: str) -> Any:
        """Give the value of a key as `extra` wants it."""
        return self.value(None)[key]

    def place(self, location: Location) -> tuple[int, int]:
        """Give the line and column of what a location leads to."""
        if self._root is None:
            return 1, 1
        mark = mark_of(self._root, location)
        return mark.line + 1, mark.column + 1


def _lines(lines: Iterable[tuple[int, bytes]]) -> Iterator[json_text.Record | BadInput]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield json_text.record_of_line(_decoded_line(line, number), number)
        except BadInput as error:
            yield error


def _decoded_line(line: bytes, number: int) -> str:
    try:
        return decode(line)
    except BadInput as error:
        raise BadInput(*(one._replace(line=number + 1) for one in error.faults)) from None


def _gathered(
    records: Iterator[json_text.Record] | Iterator[json_text.Record | BadInput],
    root: str,
    path: str,
) -> Parsed:
    """Build each record's document. Of those with one id the best stays: the later, if equal."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    faults: list[Fault] = []
    losers: list[str] = []
    for record in records:
        try:
            if isinstance(record, BadInput):
                raise record
            kind, document = _recorded(record, root, path)
        except BadInput as error:
            faults.extend(error.faults)
            continue
        if other := found.get(document["_id"]):
            better, worse = (document, other[1])
            if better["rank"] < worse["rank"]:
                better, worse = worse, better
            losers.append(worse["path"])
            document = better
        found[document["_id"]] = kind, document
    return Parsed(list(found.values()), faults, losers=losers)


def _recorded(record: json_text.Record, root: str, path: str) -> tuple[str, dict[str, Any]]:
    if not isinstance(record.data, dict):
        message = 'is no item; write a mapping like {"title": "A title"}'
        raise BadInput(Fault(*record.place(()), "item", message, "shape"))
    data = dict(record.data)
    own_path = data.pop("path", None)
    if own_path is None:
        own_path = _path_of(record, root, path)
    elif not isinstance(own_path, str):
        raise BadInput(Fault(*record.place(("path",)), "path", "is not text", "shape"))
    body = data.pop("content", None) if "body" not in data else data.pop("body")
    if isinstance(body, str):
        body = front_matter.body_of(body)
    elif body is not None:
        raise BadInput(Fault(*record.place(("content",)), "content", "is not text", "shape"))
    source = Source(
        data, own_path, record.place, record.data.__getitem__, folders_of(root, own_path), body
    )
    return document_of(source)


def _path_of(record: json_text.Record, root: str, path: str) -> str:
    if root == STREAM_ROOT:
        # Nothing but its content tells one nameless item from another.
        return f"{path}#{blake2b(orjson.dumps(record.data), digest_size=10).hexdigest()}"
    return path if record.alone else f"{path}#{record.number + 1}"
