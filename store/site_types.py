"""The types that a site file can declare for its fields: as it has them, and as data."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias

MAX_FIELDS: Final = 100
"""Fields of a corpus, and members of an object."""
MAX_NESTING: Final = 3
"""Objects within each other."""
MAX_FIELD_NAME: Final = 100
"""Characters of a field's name and key."""

_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")  # GraphQL specification, sections 2.1.9, 4.1
_LIST = re.compile(r"\[\s*([A-Za-z]+)\s*!?\s*\]")


class Scalar(StrEnum):
    """The types of single values, by their names in GraphQL."""

    STRING = "String"
    INT = "Int"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    URL = "URL"
    JSON = "JSON"


class Link(StrEnum):
    """The types of what a value can name: items by URL, providers by domain, others by name."""

    ITEM = "Item"
    PROVIDER = "Provider"
    TOPIC = "Topic"
    AUTHOR = "Author"


_WORDS: Final[Mapping[str, Scalar | Link]] = {
    member.value: member for members in (Scalar, Link) for member in members
}
TYPES: Final = tuple(_WORDS)
"""The names of all types."""


class SiteType(NamedTuple):
    """A type: a single value, a link or an object, which are its members; or a list of these."""

    kind: "Kind"
    many: bool = False

    @property
    def members(self) -> "Members":
        """The members of an object; none of anything else."""
        return self.kind if isinstance(self.kind, tuple) else ()

    def __str__(self) -> str:
        """Return it as a site file has it."""
        text = (
            f"{{{', '.join(f'{name}: {below}' for name, below in self.members)}}}"
            if isinstance(self.kind, tuple)
            else self.kind.value
        )
        if not self.many:
            return text
        return f"[{text}]" if self.members else f"[{text}!]"

    @property
    def value(self) -> Any:
        """What `type_of` takes for it: what YAML has for its text."""
        if not isinstance(self.kind, tuple):
            return str(self)
        members = {name: below.value for name, below in self.kind}
        return [members] if self.many else members


Members: TypeAlias = tuple[tuple[str, SiteType], ...]
Kind: TypeAlias = Scalar | Link | Members


class BadField(ValueError):
    """A declaration that cannot be used: where in it, why, and the code of the problem."""

    def __init__(self, path: tuple[str | int, ...], message: str, code: str) -> None:
        super().__init__(message)
        self.path = path
        self.code = code


def type_of(value: object) -> SiteType:
    """Return the type that a site file has for a field. Raises BadField."""
    return _type_of(value, (), MAX_NESTING)


def _type_of(value: object, path: tuple[str | int, ...], depth: int) -> SiteType:
    if isinstance(value, list):
        if len(value) != 1 or isinstance(value[0], list):
            raise BadField(path, "has to be a list of one type, like [String]", "type")
        inner = _type_of(value[0], (*path, 0), depth)
        if inner.many:
            raise BadField(path, "is a list of lists; write a list of one type", "type")
        return SiteType(inner.kind, many=True)
    if isinstance(value, dict):
        return SiteType(_members(value, path, depth))
    if not isinstance(value, str):
        raise BadField(path, "is not a type; write one like String or [String]", "type")
    text = value.strip()
    listed = _LIST.fullmatch(text)
    kind = _WORDS.get(listed[1] if listed else text)
    if kind is None:
        raise BadField(path, _no_type(text), "type")
    return SiteType(kind, many=listed is not None)


def _members(value: Mapping[object, object], path: tuple[str | int, ...], depth: int) -> Members:
    if not value:
        raise BadField(path, "has no fields; write them like {source: String}", "type")
    if not depth:
        raise BadField(path, f"nests more than {MAX_NESTING} objects; use JSON", "nesting")
    if len(value) > MAX_FIELDS:
        message = f"has {len(value)} fields; the limit is {MAX_FIELDS}"
        raise BadField(path, message, "too-many")
    members = []
    for name, below in value.items():
        here = (*path, str(name))
        check_name(str(name), here)
        members.append((str(name), _type_of(below, here, depth - 1)))
    return tuple(members)


def _no_type(text: str) -> str:
    shown = repr(text[:60])
    if text.rstrip("!") != text and text.rstrip("!") in _WORDS:
        return f"{shown} cannot be promised: a file may lack it; write {text.rstrip('!')}"
    return f"{shown} is not a type; write one of {', '.join(TYPES)}, or a list like [String]"


def check_name(name: str, path: tuple[str | int, ...], remedy: str = "") -> None:
    """Raise BadField for a name that GraphQL does not take, or that is too long."""
    if len(name) > MAX_FIELD_NAME:
        message = f"has {len(name)} characters; the limit is {MAX_FIELD_NAME}"
        raise BadField(path, message, "too-long")
    if not _NAME.fullmatch(name):
        message = (
            f"is not a name in GraphQL: use letters, digits and _, and begin with a letter{remedy}"
        )
        raise BadField(path, message, "name")
