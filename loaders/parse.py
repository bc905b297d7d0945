"""Parse the bytes of a file into documents."""

import codecs
import posixpath
import re
from collections.abc import Iterable
from hashlib import blake2b

import orjson

from loaders import front_matter, json_text
from loaders.diagnostics import BadInput, Problem, position_at
from loaders.formats import JSON_LINES_SUFFIXES, MARKDOWN_SUFFIXES, TOML_SUFFIX, YAML_SUFFIXES
from loaders.jekyll_folders import is_site_data
from loaders.known_keys import DEFINITION, ITEM
from loaders.parsed_file import NotContent, OnItem, ParsedFile
from loaders.site_rules import SiteRules
from loaders.source_mapping import NO_RULES, SourceMapping
from loaders.toml_text import TomlText
from loaders.values import Value
from loaders.yaml_text import YamlText
from store.fields import DEFINITIONS
from store.writing.file_ids import STREAM_ROOT

# Files that repositories have beside their content.
_REPOSITORY_FILES = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|authors|contributors|contributing|changelog|changes|"
    r"history|security|code[_-]of[_-]conduct|robots|humans)\b",
    re.IGNORECASE,
)
_TAXONOMY = re.compile(rf"^taxonomy:[ \t]*['\"]?(?:{'|'.join(DEFINITIONS)})\b", re.MULTILINE)

# Front matter that does not begin on the first line, or that lacks a hyphen.
_LIKE_FRONT_MATTER = re.compile(r"\s*(?:--|\+\+)")

# Sites have data beside their content, such as the authors of a blog by their keys.
_NO_KEYS = NotContent("has no key that a field reads")
_READ_KEYS = ITEM.keys() | DEFINITION.keys()
_TITLE_KEYS = {"title", "name"}


def parse(
    data: bytes,
    root: str,
    path: str,
    rules: SiteRules = NO_RULES,
    on_item: OnItem | None = None,
) -> ParsedFile | NotContent:
    """Parse a file in the format that its name stands for.

    `path` is relative to `root`, whose site has the `rules`.

    A file is not content if it has nothing that an item would begin with: a page without front
    matter, or data in which no key is one that a field reads. A file that has any of this, but is
    not valid, has problems. `on_item` is called with each item.
    """
    name, suffix = posixpath.splitext(posixpath.basename(path).lower())
    if suffix in JSON_LINES_SUFFIXES:
        return parse_lines(enumerate(data.split(b"\n")), root, path, rules, on_item)
    parsed = ParsedFile(on_item)
    try:
        text = decode(data)
        if suffix == ".json":
            return _parse_json(parsed, text, root, path, rules)
        parts = _parts(text, suffix)
        if parts is None and _REPOSITORY_FILES.match(name):
            return NotContent("is about the repository")
        if parts is None and suffix == ".html" and not _LIKE_FRONT_MATTER.match(text):
            return NotContent("has no front matter")
        if parts is None and suffix in MARKDOWN_SUFFIXES and text.strip():
            parts = front_matter.FrontMatter("", 0, text)
        if parts is None:
            message = "is missing; begin the file with a line of three hyphens (---)"
            raise BadInput(Problem(1, 1, "front matter", message, "no-front-matter"))
        is_content = _add_front_matter(parsed, parts, root, path, rules)
    except BadInput as error:
        parsed.problems.extend(error.problems)
        return parsed
    return parsed if is_content else _NO_KEYS


def _parse_json(
    parsed: ParsedFile, text: str, root: str, path: str, rules: SiteRules
) -> ParsedFile | NotContent:
    if text.startswith("---"):
        return NotContent("is a template")
    records = list(json_text.records(text))
    is_file = root != STREAM_ROOT
    if is_file and records and not any(_is_like_an_item(record.data) for record in records):
        return _NO_KEYS
    _add_records(parsed, records, root, path, rules)
    return parsed


def _is_like_an_item(value: Value) -> bool:
    return isinstance(value, dict) and (not value or not value.keys().isdisjoint(_READ_KEYS))


def parse_lines(
    lines: Iterable[tuple[int, bytes]],
    root: str,
    path: str,
    rules: SiteRules = NO_RULES,
    on_item: OnItem | None = None,
) -> ParsedFile:
    """Parse JSON lines, numbered from 0. A bad line does not affect the others."""
    parsed = ParsedFile(on_item)
    for number, line in lines:
        if line.strip():
            try:
                record = json_text.record_of_line(_decode_line(line, number), number)
            except BadInput as error:
                parsed.problems.extend(error.problems)
            else:
                _add_records(parsed, iter([record]), root, path, rules)
    return parsed


def decode(data: bytes) -> str:
    """Decode UTF-8, without its byte order mark. Raises BadInput."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        position = position_at(before, len(before))
        raise BadInput(Problem(*position, "text", message, "encoding")) from None
    if "\0" in text:
        position = position_at(text, text.index("\0"))
        message = "contains a NUL character; is this a binary file?"
        raise BadInput(Problem(*position, "text", message, "nul"))
    return text


def _decode_line(line: bytes, number: int) -> str:
    try:
        return decode(line)
    except BadInput as error:
        raise error.moved_down(number) from None


def _parts(text: str, suffix: str) -> front_matter.FrontMatter | None:
    if suffix == TOML_SUFFIX:
        return front_matter.split(text) or front_matter.FrontMatter(text, 0, "", is_toml=True)
    if suffix not in YAML_SUFFIXES:
        return front_matter.split(text)
    try:
        parts = front_matter.split(text)
    except BadInput:
        parts = None  # a YAML document may begin with its marker and have no body
    return parts or front_matter.FrontMatter(text, 0, "")


def _add_front_matter(
    parsed: ParsedFile, parts: front_matter.FrontMatter, root: str, path: str, rules: SiteRules
) -> bool:
    """Add what a text holds; returns False if it is data that has nothing of an item."""
    defines = "taxonomy" in parts.text and _TAXONOMY.search(parts.text)
    text = TomlText(parts.text) if parts.is_toml else YamlText(parts.text)
    body = front_matter.body_of(parts.body)
    try:
        data = text.value(DEFINITION if defines else rules.known)
        is_data = root != STREAM_ROOT and not parts.lines_above
        if is_data and not _may_be_content(data, root, path):
            return False
        if not isinstance(data, dict):
            kind = "a list" if isinstance(data, list) else "a single value"
            message = f'is {kind}; write keys and values like title: "A title"'
            raise BadInput(Problem(1, 1, "front matter", message, "shape"))
    except BadInput as error:
        raise error.moved_down(parts.lines_above) from None
    source = SourceMapping(
        data,
        root,
        path,
        text.position_of,
        text.raw_value,
        body,
        written=text.written,
        is_named=root != STREAM_ROOT,
        is_typed=parts.is_toml,
        rules=rules,
    )
    parsed.add(source, parts.lines_above)
    return True


def _may_be_content(data: Value, root: str, path: str) -> bool:
    """Return whether anything in a file of YAML or TOML alone is like an item or a definition."""
    if not data or not isinstance(data, dict | list):
        return True
    needed = _TITLE_KEYS if is_site_data(root, path) else _READ_KEYS
    members = data if isinstance(data, list) else [data]
    return any(isinstance(one, dict) and not one.keys().isdisjoint(needed) for one in members)


def _add_records(
    parsed: ParsedFile, records: Iterable[json_text.Record], root: str, path: str, rules: SiteRules
) -> None:
    for record in records:
        try:
            parsed.add(_mapping_of(record, root, path, rules))
        except BadInput as error:
            parsed.problems.extend(error.problems)


def _mapping_of(record: json_text.Record, root: str, path: str, rules: SiteRules) -> SourceMapping:
    if not isinstance(record.data, dict):
        message = 'is not an item; write a mapping like {"title": "A title"}'
        raise BadInput(Problem(*record.position_of(()), "item", message, "shape"))
    data = dict(record.data)
    own_path = _text(record, "path")
    data.pop("path", None)
    body_key = "body" if "body" in data else "content"
    body = _text(record, body_key)
    data.pop(body_key, None)
    return SourceMapping(
        data,
        root,
        _default_path(record, root, path) if own_path is None else own_path,
        record.position_of,
        record.data.__getitem__,
        None if body is None else front_matter.body_of(body),
        is_named=own_path is not None,
        is_typed=True,
        rules=rules,
    )


def _text(record: json_text.Record, key: str) -> str | None:
    value = record.data.get(key) if isinstance(record.data, dict) else None
    if value is None or isinstance(value, str):
        return value
    raise BadInput(Problem(*record.position_of((key,)), key, "is not text", "shape"))


def _default_path(record: json_text.Record, root: str, path: str) -> str:
    if root == STREAM_ROOT:
        # Items without a URL or a path differ by nothing but their content.
        return f"{path}#{blake2b(orjson.dumps(record.data), digest_size=10).hexdigest()}"
    return path if record.is_alone else f"{path}#{record.number + 1}"
