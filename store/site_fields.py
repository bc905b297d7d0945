"""The fields that a site declares for its own items, in its site file (docs/loading.md).

They are data, unlike those of `store.fields`: a corpus has those of all its roots, and its GraphQL
schema follows them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final, NamedTuple, TypeAlias

from store.audience import Audience
from store.fields import ITEM, UNPUBLISHING

MAX_FIELDS: Final = 100
"""Fields of a corpus, and members of an object."""
MAX_FILTERS: Final = 20
"""Fields of a corpus that filter: each value of one is a label, an entry of four indexes."""
MAX_FILTER_VALUES: Final = 100
"""Entries of a list that filters."""
MAX_NESTING: Final = 3
"""Objects within each other."""
MAX_FIELD_NAME: Final = 100
MAX_DESCRIPTION: Final = 2_000
"""Characters of a field's name and key, and of its description."""

RESERVED_KEYS: Final = ITEM.keys | {*UNPUBLISHING, "taxonomy", "path"}
"""Keys that newsgraph's own fields need."""
RESERVED_NAMES: Final = RESERVED_KEYS | {
    *("id", "byline", "relatedBy", "extra"),
    *("bodyFormat", "bodyHtml", "bodyText", "summary", "wordCount", "readingMinutes"),
}
"""Fields of the GraphQL type `Item`: those that it has, and some that it may get."""
RESERVED_FILTERS: Final = RESERVED_NAMES | {
    *("search", "categories", "types", "providers", "publishedAfter", "publishedBefore"),
    *("minQuality", "minHeat", "hasImage", "locales", "underTopics", "excludeIds", "months"),
}
"""Fields of the GraphQL types `ItemFilter` and `ItemFacets`."""

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


FILTERS: Final = frozenset((Scalar.STRING, Scalar.INT, Scalar.BOOLEAN, Scalar.URL))
"""The types whose values filter items."""

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


class SiteField(NamedTuple):
    """A field of a site: its name in GraphQL, and the key of the files if that is another."""

    name: str
    type: SiteType
    key: str
    description: str = ""
    filter: bool = False
    audience: Audience = Audience.PUBLIC

    @property
    def stored_at(self) -> tuple[str, str]:
        """The keys of its values in the `site` of documents: its name, and its type's digest.

        So a schema never reads a value of another type, although a load changes the documents
        before it changes the schema.
        """
        return self.name, blake2b(str(self.type).encode(), digest_size=4).hexdigest()

    def label(self, value: object) -> str:
        """Return the label of the items with a value, of a field that filters."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f"site:{self.name}:{text}"


SiteFields: TypeAlias = tuple[SiteField, ...]


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


def check_field(field: SiteField, path: tuple[str | int, ...]) -> None:
    """Raise BadField for a field that collides with newsgraph's own, or cannot filter."""
    remedy = f"; write another name, and key: {field.key[:60]}"
    check_name(field.name, path, remedy)
    taken = RESERVED_FILTERS if field.filter else RESERVED_NAMES
    if field.name in taken:
        raise BadField(path, f"is a field of newsgraph's own{remedy}", "name")
    if field.key in RESERVED_KEYS:
        message = f"{field.key!r} is a key of newsgraph's own; a field cannot take it"
        raise BadField((*path, "key"), message, "name")
    if field.filter and field.type.kind not in FILTERS:
        types = ", ".join(sorted(FILTERS))
        raise BadField((*path, "filter"), f"is for {types} and lists of these", "type")


def check_fields(fields: Sequence[SiteField]) -> None:
    """Raise BadField for fields of one corpus that are too many, or collide with each other."""
    if len(fields) > MAX_FIELDS:
        raise BadField((), f"has {len(fields)} fields; the limit is {MAX_FIELDS}", "too-many")
    filters = sum(field.filter for field in fields)
    if filters > MAX_FILTERS:
        message = f"has {filters} fields with filter: true; the limit is {MAX_FILTERS}"
        raise BadField((), message, "too-many")
    seen: dict[str, str] = {}
    for field in fields:
        for name in type_names(field):
            if name in seen:
                message = f"makes the same GraphQL type as {seen[name]}, {name}; write another name"
                raise BadField((field.name,), message, "name")
            seen[name] = field.name


def type_names(field: SiteField) -> Iterator[str]:
    """Yield the names of the GraphQL types that a field's objects have, outermost first."""
    yield from _type_names(object_type_name("Site", field.name), field.type)


def object_type_name(above: str, name: str) -> str:
    """Return the name of the GraphQL type of objects under a name, inside of another type."""
    return f"{above}{name[:1].upper()}{name[1:]}"


def _type_names(name: str, type_: SiteType) -> Iterator[str]:
    if type_.members:
        yield name
        for member, below in type_.members:
            yield from _type_names(object_type_name(name, member), below)


class Disagreement(ValueError):
    """Two roots declare a field differently."""

    def __init__(self, field: str, what: str, roots: tuple[str, str]) -> None:
        super().__init__(f"{field}: {what} differs")
        self.field = field
        self.what = what
        self.roots = roots


def agreed(by_root: Mapping[str, Iterable[SiteField]]) -> SiteFields:
    """Return the fields of a corpus by name, from those of its roots. Raises Disagreement.

    Fields of one name must have one type, filter and audience. The description is that of the
    first root that has one.
    """
    found: dict[str, tuple[str, SiteField]] = {}
    for root, fields in sorted(by_root.items()):
        for field in fields:
            first, other = found.setdefault(field.name, (root, field))
            for what in ("type", "filter", "audience"):
                if getattr(field, what) != getattr(other, what):
                    raise Disagreement(field.name, what, (first, root))
            if field.description and not other.description:
                found[field.name] = (first, other._replace(description=field.description))
    return tuple(field for _, (_, field) in sorted(found.items()))
