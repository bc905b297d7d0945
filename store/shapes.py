"""What a declaration of fields consists of: kinds of values, fields, and shapes of mappings."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any


class Kind(Enum):
    """The kinds of values; each member's text is how docs/loading.md names it."""

    TEXT = "text"
    TITLE = "non-empty text"
    NAME = "short text"
    URL = "http(s) URL"
    IMAGE_URL = "http(s) URL, or a path"
    DATE = "date"
    INTEGER = "32-bit integer"
    PIXELS = "number of pixels"
    FLAG = "true or false"
    NUMBER = "number"
    ANY = "any value"
    BASE64 = "text in base64"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, the kind of its values, and its description in GraphQL."""

    name: str
    kind: "Kind | Shape"
    description: str
    required: bool = False
    many: bool = False
    """Whether it holds a list; a list that a file leaves out is empty, never absent."""
    default: bool | None = None
    """The value of a flag that a file leaves out."""
    synonyms: tuple[str, ...] = ()
    """Other keys that files use for this field, in order of preference."""
    otherwise: str = ""
    """What the field is taken from if the file has none of these keys, for docs/loading.md."""
    example: str = ""
    """What a file may have as its value, for messages on values of the wrong shape."""
    max_entries: int | None = None
    """Entries of its list, if they are fewer than those of others."""
    file_note: str = ""
    """What docs/loading.md says of it, where the description makes sense to clients only."""

    @property
    def nullable(self) -> bool:
        """Whether a document may lack the field."""
        return not (self.required or self.many or self.default is not None)


@dataclass(frozen=True, eq=False)
class Shape:
    """The fields of one kind of mapping."""

    name: str
    fields: tuple[Field, ...]
    open: bool = True
    """Whether a file may have other keys too; they are kept in `extra`."""

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def find(self, name: str) -> Field | None:
        """Return the field of a name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(field.name for field in self.fields)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """The other keys that files use, by the field they stand for."""
        return {field.name: field.synonyms for field in self.fields if field.synonyms}

    @cached_property
    def synonym_keys(self) -> frozenset[str]:
        """All keys that stand for a field of another name."""
        return frozenset(key for synonyms in self.synonyms.values() for key in synonyms)

    def set_defaults(self, mapping: MutableMapping[str, Any]) -> None:
        """Set the lists and flags that a file left out, so that documents always have them."""
        for name, default in self._defaults:
            if name not in mapping:
                mapping[name] = [] if default is None else default

    @cached_property
    def _defaults(self) -> tuple[tuple[str, bool | None], ...]:
        return tuple(
            (field.name, field.default)
            for field in self.fields
            if field.many or field.default is not None
        )
