"""What a mapping has that no field takes: the item's `extra`."""

from collections.abc import Callable, Iterator

from loaders.diagnostics import BadInput, FieldPath
from loaders.values import Value, ValueMapping
from store.fields import CONTAINERS, ITEM
from store.shapes import Shape

# Keys that hold what a file has beside fields, not what it has instead of them.
_PARTLY_TAKEN = frozenset(field.name for field in ITEM if isinstance(field.kind, Shape)) | {
    *CONTAINERS
}


class LeftOver:
    """Collects what is left of a mapping, with the types of its format.

    `raw_value` returns the value of a key with these types. `extra` is what was collected.
    """

    def __init__(self, raw_value: Callable[[str], Value]) -> None:
        self.raw_value = raw_value
        self.extra: ValueMapping = {}
        # What in `extra` a field has read, well or not.
        self._read: set[FieldPath] = set()

    def keep(self, place: FieldPath, value: Value, *, is_read: bool = False) -> None:
        """Keep the value at a place; if a field has read it, only once."""
        if is_read:
            if place in self._read:
                return
            self._read.add(place)
        key, *below = map(str, place)
        if not below:
            self.extra[key] = self._raw(key, value)
            return
        left = self.extra.get(key)
        member = self.typed(key, {below[0]: value})
        if isinstance(member, dict):
            self.extra[key] = (left if isinstance(left, dict) else {}) | member

    def add(self, key: str, value: Value) -> None:
        """Keep a key; if a part of its mapping is kept already, what that does not have."""
        kept = self.extra.get(key)
        if isinstance(kept, dict) and isinstance(value, dict):
            self.extra[key] = value | kept
        else:
            self.extra.setdefault(key, value)

    def merge(self, other: "LeftOver") -> None:
        """Keep what another has of the same mapping."""
        for key, value in other.extra.items():
            self.add(key, value)
        self._read |= other._read

    def typed(self, key: str, value: Value) -> Value:
        """Return what is left of the value of a key with the types of its format."""
        raw = self._raw(key, value)
        if isinstance(raw, dict) and isinstance(value, dict):
            return {name: raw.get(name, below) for name, below in value.items()}
        return raw

    def untaken(self) -> Iterator[tuple[str, ...]]:
        """Yield the paths of the keys that no field has read: a key, and one below it."""
        for key, value in self.extra.items():
            if (key,) in self._read:
                continue
            if key not in _PARTLY_TAKEN:
                yield (key,)
                continue
            for member in value if isinstance(value, list) else [value]:
                if isinstance(member, dict):
                    yield from ((key, below) for below in member if (key, below) not in self._read)
                elif member is not None:
                    yield (key,)

    def _raw(self, key: str, value: Value) -> Value:
        try:
            return self.raw_value(key)
        except BadInput:  # a text that YAML would take for a number that is too large
            return value
