"""A mapping as a file has it, before it becomes a document."""

import posixpath
from collections.abc import Callable

from pydantic_core import ValidationError

from loaders.checks import checker
from loaders.diagnostics import BadInput, FieldPath, Position, Problem, field_name
from loaders.validation_messages import problem_of
from loaders.values import Value, ValueMapping
from store.documents import Document
from store.fields import UNPUBLISHING, Shape


class SourceMapping:
    """A mapping and where it comes from.

    `path` is the document's own, relative to `root`. `position_of` finds a value, `raw_value`
    returns the value of a key with the types of its format, as `extra` has it, and `body` is the
    text below front matter. `extra` collects what is not a field.
    """

    def __init__(
        self,
        data: ValueMapping,
        root: str,
        path: str,
        position_of: Callable[[FieldPath], Position],
        raw_value: Callable[[str], Value],
        body: str | None = None,
    ) -> None:
        self.data = data
        self.root = root
        self.path = path
        self.body = body
        self.extra: ValueMapping = {}
        self._position_of = position_of
        self._raw_value = raw_value
        # Maps a field to the key that the file uses for it, where they differ.
        self._file_keys: dict[str, str] = {}

    def set_field(self, field: str, value: Value, *, file_key: str) -> None:
        """Set a field to a value that the file has under another key."""
        self.data[field] = value
        self._file_keys[field] = file_key

    def take_synonyms(self, shape: Shape) -> None:
        """Rename the keys that stand for a field.

        If the file has the field too, the key moves to `extra`.
        """
        for field, synonyms in shape.synonyms.items():
            for synonym in synonyms:
                if synonym not in self.data:
                    continue
                if field in self.data:
                    self.move_to_extra(synonym)
                else:
                    self.set_field(field, self.data.pop(synonym), file_key=synonym)

    def move_to_extra(self, key: str) -> None:
        """Move a key that is not a field's to `extra`, with the types of its format."""
        self.extra[key] = self._raw_value(key)
        del self.data[key]

    def checked(self, shape: Shape) -> Document:
        """Return the fields of a shape, checked, converted and with their defaults.

        All other keys move to `extra`. Raises BadInput.
        """
        try:
            checked: Document = checker(shape).validate_python(self.data)
        except ValidationError as error:
            problems = (
                problem_of(details, self.data, self._position_of, self._file_keys)
                for details in error.errors(include_url=False)
            )
            raise BadInput(*problems) from None
        shape.set_defaults(checked)
        for key in UNPUBLISHING:
            if key in checked:
                unpublishes = checked.pop(key)
                checked["published"] = checked["published"] and not unpublishes
                self.extra[key] = self._raw_value(key)
        self.extra.update(take_unknown(checked, shape.keys))
        return checked

    def bad_field(self, path: FieldPath, message: str, code: str) -> BadInput:
        return BadInput(Problem(*self._position_of(path), field_name(path), message, code))

    @property
    def collection(self) -> str | None:
        """The Jekyll collection that the file is in: its innermost `_folder`."""
        folders = posixpath.join(posixpath.basename(self.root), posixpath.dirname(self.path))
        for folder in reversed(folders.split("/")):
            if folder.startswith("_") and len(folder) > 1:
                return folder[1:]
        return None


def take_unknown(mapping: Document, known: frozenset[str]) -> ValueMapping:
    """Remove and return the keys of a checked mapping that are not fields."""
    if mapping.keys() <= known:
        return {}
    return {key: mapping.pop(key) for key in [*mapping] if key not in known}
