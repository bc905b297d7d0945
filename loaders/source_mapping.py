"""A mapping as a file has it, before it becomes a document."""

import posixpath
from collections.abc import Callable
from typing import NamedTuple

from pydantic_core import ValidationError

from loaders.checks import checker
from loaders.diagnostics import BadInput, FieldPath, Position, Problem, field_name
from loaders.validation_messages import problem_of
from loaders.values import Value, ValueMapping
from store.documents import Document
from store.fields import UNPUBLISHING, Shape


class SourceMapping(NamedTuple):
    """A mapping and where it comes from.

    `path` is the document's own, counted from `root`. `position_of` finds a value, `raw_value`
    returns the value of a key with the types of its format, as `extra` has it, and `body` is the
    text below front matter.
    """

    data: ValueMapping
    root: str
    path: str
    position_of: Callable[[FieldPath], Position]
    raw_value: Callable[[str], Value]
    body: str | None = None

    def checked(self, shape: Shape, names: dict[str, str]) -> Document:
        """Check and convert the fields of a shape, and set its defaults. Raises BadInput.

        `names` has the key that the file uses for a field, if that is another.
        """
        try:
            checked: Document = checker(shape).validate_python(self.data)
        except ValidationError as error:
            problems = (
                problem_of(one, self.data, self.position_of, names)
                for one in error.errors(include_url=False)
            )
            raise BadInput(*problems) from None
        shape.set_defaults(checked)
        return checked

    def take_synonyms(self, shape: Shape, names: dict[str, str], extra: ValueMapping) -> None:
        """Rename the keys that stand for a field, and note them in `names`.

        One whose field the file has as well moves to `extra`.
        """
        for field, synonyms in shape.synonyms.items():
            for synonym in synonyms:
                if synonym not in self.data:
                    continue
                if field in self.data:
                    self.move_to_extra(synonym, extra)
                else:
                    self.data[field] = self.data.pop(synonym)
                    names[field] = synonym

    def move_to_extra(self, key: str, extra: ValueMapping) -> None:
        """Move a key that is not a field's to `extra`, with the types of its format."""
        extra[key] = self.raw_value(key)
        del self.data[key]

    def bad_field(self, path: FieldPath, message: str, code: str) -> BadInput:
        return BadInput(Problem(*self.position_of(path), field_name(path), message, code))

    @property
    def collection(self) -> str | None:
        """The collection of Jekyll's that the file is in: its innermost `_folder`."""
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


def take_published(document: Document, extra: ValueMapping, source: SourceMapping) -> None:
    """Set `published`: `removed` and `deleted` unpublish, and move to `extra` as they are."""
    for key in UNPUBLISHING:
        if key in document:
            document["published"] = document["published"] and not document.pop(key)
            extra[key] = source.raw_value(key)
