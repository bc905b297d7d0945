"""Fields and types that are read straight from documents (dicts), without a resolver."""

from collections.abc import Mapping, Sequence
from typing import Any

from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case
from typing_extensions import override


def is_mapping(value: object, _info: object = None) -> bool:
    """Return whether a value can be a parent: a mapping from field names to values."""
    return isinstance(value, Mapping)


class DictObject:
    """A mixin for Strawberry types that implement an interface; their objects can then be dicts.

    Strawberry would otherwise accept instances of the Python class alone. The interface's own
    `resolve_type` decides which type a dict has. A union has no `resolve_type`, so its members
    each need an `is_type_of` that tells them apart.
    """

    is_type_of = staticmethod(is_mapping)


class DocumentField(StrawberryField):
    """A field whose value is in the parent document.

    `keys` are looked up in turn. The first one that the document has decides, even when its value
    is None. Without any of them the value is None.
    """

    keys: tuple[str, ...] = ()

    @override
    def get_result(
        self, source: object, info: Info | None, args: list[object], kwargs: dict[str, object]
    ) -> object:
        """Read the field of one document, for the depth-first executor."""
        return read(source, self.document_keys)

    @property
    def document_keys(self) -> tuple[str, ...]:
        """The keys to look up: those declared, else the field's name in GraphQL."""
        return self.keys or (self.graphql_name or to_camel_case(self.python_name),)

    def __copy__(self) -> "DocumentField":
        copied = super().__copy__()
        copied.keys = self.keys
        return copied


def document_field(
    *,
    description: str,
    key: str | Sequence[str] = (),
    name: str | None = None,
    metadata: Mapping[str, object] | None = None,
) -> Any:
    """Declare a field whose value is in the parent document.

        title: str = document_field(description="The headline.")

    `key` is the document's key, when that is not the field's GraphQL name; several keys are
    alternatives. `name` is the GraphQL name, when that is not the Python name in camelCase.
    `metadata` becomes the Strawberry field's.
    """
    field = DocumentField(
        python_name=None, graphql_name=name, description=description, metadata=metadata
    )
    field.keys = (key,) if isinstance(key, str) else tuple(key)
    return field


def read(document: Any, keys: tuple[str, ...]) -> object:
    """Return the value of the first of `keys` that a document has, or None.

    Raises whatever the lookup raises when it is not a document.
    """
    for key in keys[:-1]:
        if key in document:
            return document[key]
    return document.get(keys[-1])
