"""Summarize the values that files have under a key, in bounded memory, to guess the key's type."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from loaders.diagnostics import FieldPath
from loaders.forms import Form, Scalar, form_of
from loaders.values import Value
from store.fields import MAX_ENTRIES
from store.site_types import MAX_FIELD_NAME, MAX_NESTING

MAX_VALUES: Final = 200
"""How many different values of a key are kept, to see whether they are few, or all links."""
MAX_MEMBERS: Final = 50
"""How many keys are kept below a key, at all levels."""
MAX_PLACES: Final = 5
"""How many places of each form are kept."""
_MAX_LENGTH: Final = 200
"""Characters of a kept value."""
_MAX_READ: Final = 2_000
"""How many values of one item are read below a key."""


class Source(NamedTuple):
    """An item whose values are read, and its file.

    `is_public` if it is published, `is_typed` if the file's format has types; `line_of` returns the
    line of a value, and `written` the text of a scalar, if it can be found.
    """

    path: str
    is_public: bool
    is_typed: bool
    line_of: Callable[[FieldPath], int]
    written: Callable[[FieldPath], str | None]


@dataclass
class Places:
    """In how many files something is, and the first places, such as `_news/a.md:3`."""

    files: int = 0
    first: list[str] = field(default_factory=list)
    _last: str = ""

    def add(self, file: str, line: Callable[[], int]) -> None:
        """Count a file, unless it was the last that was counted."""
        if file != self._last:
            self._last = file
            self.files += 1
            if len(self.first) < MAX_PLACES:
                self.first.append(f"{file}:{line()}")

    def merge(self, later: "Places") -> None:
        """Add those of files that come later."""
        self.files += later.files
        self.first = (self.first + later.first)[:MAX_PLACES]


@dataclass
class KeyValues:
    """What files have under a key. At most `limit` different values are kept."""

    limit: int = MAX_VALUES
    items: int = 0
    """Items with a value; of a key inside a mapping, the mappings with one."""
    places: Places = field(default_factory=Places)
    forms: dict[Form, Places] = field(default_factory=dict)
    is_many: bool = False
    """Whether any file has a list."""
    singles: Places = field(default_factory=Places)
    """The files that have a value without a list."""
    longest: int = 0
    """Entries of the longest list."""
    is_text: bool = True
    """Whether a field for text takes all single values, as the files have them."""
    is_trimmed: bool = True
    """Whether no text is empty, or begins or ends with a space."""
    values: Counter[str] = field(default_factory=Counter)
    public_values: set[str] = field(default_factory=set)
    """Those of `values` that published items have."""
    is_public: bool = False
    """Whether any published item has the key."""
    is_full: bool = False
    """Whether there are more values than were kept."""
    members: dict[str, "KeyValues"] = field(default_factory=dict)
    is_wide: bool = False
    """Whether mappings have so many or so long keys that none was kept."""

    def add(self, value: Value, path: FieldPath, source: Source) -> None:
        """Add the value that a file has at a path."""
        _Reader(source).add(self, value, path, MAX_NESTING)
        self._limit_members()

    def merge(self, later: "KeyValues") -> None:
        """Add what later files have."""
        self.items += later.items
        self.places.merge(later.places)
        for form, places in later.forms.items():
            self.forms.setdefault(form, Places()).merge(places)
        self.is_many |= later.is_many
        self.singles.merge(later.singles)
        self.longest = max(self.longest, later.longest)
        self.is_text &= later.is_text
        self.is_trimmed &= later.is_trimmed
        self.is_full |= later.is_full
        for value, count in later.values.items():
            self.keep(value, value in later.public_values, count)
        self.is_public |= later.is_public
        self.is_wide |= later.is_wide
        for name, member in later.members.items():
            self.member(name).merge(member)
        self._limit_members()

    def keep(self, text: str, is_public: bool, count: int = 1) -> None:
        """Keep a single value, if there is room for it."""
        if text in self.values or (len(self.values) < self.limit and len(text) <= _MAX_LENGTH):
            self.values[text] += count
            if is_public:
                self.public_values.add(text)
        else:
            self.is_full = True

    def member(self, name: str) -> "KeyValues":
        """Return what files have under a key of the mappings that they have under this key."""
        return self.members.setdefault(name, KeyValues(limit=0))

    def _limit_members(self) -> None:
        self.is_wide |= bool(self.members) and sum(1 for _ in self._below()) > MAX_MEMBERS
        if self.is_wide:
            self.members = {}

    def _below(self) -> Iterator["KeyValues"]:
        for member in self.members.values():
            yield member
            yield from member._below()


class _Reader:
    """Reads one value of a file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = _MAX_READ

    def add(self, to: KeyValues, value: Value, path: FieldPath, depth: int) -> None:
        if value is None:
            return
        to.items += 1
        to.is_public |= self._source.is_public
        place = self._source.path, partial(self._source.line_of, path)
        to.places.add(*place)
        if not isinstance(value, list):
            to.singles.add(*place)
            self._add_single(to, value, path, depth)
            return
        to.is_many = True
        to.longest = max(to.longest, len(value))
        for index, member in enumerate(value[:MAX_ENTRIES]):
            self._add_single(to, member, (*path, index), depth)
        if len(value) > MAX_ENTRIES:
            self._note(to, Form.OTHER, path)

    def _add_single(self, to: KeyValues, value: Value, path: FieldPath, depth: int) -> None:
        self._left -= 1
        if self._left < 0 or isinstance(value, list):
            self._note(to, Form.OTHER, path)
        elif isinstance(value, dict):
            self._add_mapping(to, value, path, depth)
        elif value is not None:
            self._add_scalar(to, value, path)
        elif self._source.is_typed:  # where there are no types, null means nothing
            self._note(to, Form.OTHER, path)

    def _add_mapping(
        self, to: KeyValues, value: dict[str, Value], path: FieldPath, depth: int
    ) -> None:
        self._note(to, Form.MAPPING, path)
        if not depth:
            self._note(to, Form.OTHER, path)
        to.is_wide |= len(value) > MAX_MEMBERS or any(len(name) > MAX_FIELD_NAME for name in value)
        if not depth or to.is_wide:
            return
        for name, below in value.items():
            if below is None and self._source.is_typed:
                self._note(to, Form.OTHER, path)
            self.add(to.member(name), below, (*path, name), depth - 1)

    def _add_scalar(self, to: KeyValues, value: Scalar, path: FieldPath) -> None:
        text: str | None
        if isinstance(value, str):
            text = value
            to.is_trimmed &= text.strip() == text != ""
        elif self._source.is_typed:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            to.is_text &= not isinstance(value, bool)
        else:
            text = self._source.written(path)
            to.is_text &= text is not None
        self._note(to, form_of(value, text), path)
        to.keep("" if text is None else text, self._source.is_public)

    def _note(self, to: KeyValues, form: Form, path: FieldPath) -> None:
        places = to.forms.setdefault(form, Places())
        places.add(self._source.path, partial(self._source.line_of, path))
