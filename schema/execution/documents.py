"""Fields and types that are read straight from documents (dicts), without a resolver."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

Serializer = TypeVar("Serializer", bound=Callable[[Any], Any])


def is_document(value: Any, _info: Any = None) -> bool:
    """Tell whether a value can be a parent: a mapping from field names to values."""
    return isinstance(value, Mapping)


class DictObject:
    """Mixed into a Strawberry type that implements an interface, lets dicts be its objects.

    Strawberry would otherwise accept instances of the Python class alone. Which type a document
    has where the interface is asked for is for the interface's `resolve_type` to say. The members
    of a union, which has no `resolve_type`, need an `is_type_of` of their own that tells.
    """

    is_type_of = staticmethod(is_document)


class DocumentField(StrawberryField):
    """A field whose value stands in the parent document.

    `keys` are looked up in turn; the first one that the document has decides, also when it holds
    None. A document with none of them gives None.
    """

    keys: tuple[str, ...] = ()

    def get_result(self, source: Any, info: Info | None, args: list[Any], kwargs: Any) -> Any:
        """Read the field of one document: the reference executor's way."""
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
    metadata: Mapping[str, Any] | None = None,
) -> Any:
    """Declare a plain field: `title: str = document_field(description="The headline.")`.

    `key` is where the value stands, when that is not the field's GraphQL name; several keys are
    alternatives. `name` is the GraphQL name, when that is not the Python name in camelCase.
    `metadata` is for whoever reads the schema.
    """
    field = DocumentField(
        python_name=None, graphql_name=name, description=description, metadata=metadata
    )
    field.keys = (key,) if isinstance(key, str) else tuple(key)
    return field


def read(document: Any, keys: tuple[str, ...]) -> Any:
    """Read the value of the first of `keys` that a document has, or None."""
    for key in keys[:-1]:
        if key in document:
            return document[key]
    return document.get(keys[-1])


def unchanged(type_: type) -> Callable[[Serializer], Serializer]:
    """Decorate a scalar's serialiser to say that it gives values of this exact type back as is.

    Columns of nothing else then need not be serialised value by value.
    """

    def declare(serializer: Serializer) -> Serializer:
        serializer.unchanged = type_  # type: ignore[attr-defined]
        return serializer

    return declare
