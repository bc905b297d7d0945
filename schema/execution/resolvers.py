"""Where a field's raw values come from: one call gives them for all objects of a scope."""

import asyncio
import inspect
from collections.abc import Awaitable
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, Protocol

from graphql import GraphQLField, GraphQLObjectType
from graphql.pyutils import Undefined
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments

from schema.execution.batched import BatchedField, BatchResolver, checked
from schema.execution.documents import DocumentField, read
from schema.execution.recent import Recent

if TYPE_CHECKING:
    from strawberry import Schema

    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan

Values = list[Any] | Awaitable[list[Any]]

# Arguments are kept for values of these types alone: texts and lists could be of any size.
_SMALL = frozenset({bool, int, NoneType, type(Undefined)})
_KNOWN = 16


class Source(Protocol):
    """Gives a field's raw values, one for each object; an Exception stands for a field error."""

    def values(self, objects: list[Any], field: "FieldPlan", execution: "Execution") -> Values:
        """Give the values, or an awaitable of them, in the order of the objects."""


class Typename:
    """`__typename`: known as soon as the query is planned."""

    def values(self, objects: list[Any], field: "FieldPlan", execution: "Execution") -> Values:
        """Repeat the name of the type."""
        return [field.parent_type.name] * len(objects)


class KeyResolver:
    """A value that stands in the parent document."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.item = itemgetter(keys[0])

    def values(self, objects: list[Any], field: "FieldPlan", execution: "Execution") -> Values:
        """Read the documents."""
        try:
            return list(map(self.item, objects))
        except Exception:  # some document has not the first key, or some parent is no document
            return self._each(objects)

    def _each(self, objects: list[Any]) -> list[Any]:
        try:
            if len(self.keys) == 1:
                (key,) = self.keys
                return [document.get(key) for document in objects]
            return [read(document, self.keys) for document in objects]
        except Exception:  # some parent is no document
            return [_attempt(read, document, self.keys) for document in objects]


class BatchFieldResolver:
    """A batch resolver: one call for all objects."""

    def __init__(self, resolver: BatchResolver, field: BatchedField, schema: "Schema") -> None:
        self.resolver = resolver
        self.strawberry_field = field
        self.config = schema.config
        self.scalar_registry = schema.schema_converter.scalar_registry
        self.known_arguments: Recent[tuple[Any, ...], dict[str, Any]] = Recent(_KNOWN)

    def values(self, objects: list[Any], field: "FieldPlan", execution: "Execution") -> Values:
        """Call the resolver, with the arguments made Python's as Strawberry makes them."""
        try:
            info = self.config.info_class(
                _raw_info=execution.info(field), _field=self.strawberry_field
            )
            results = self.resolver(objects, info, **self._arguments(field, execution, info))
            if inspect.isawaitable(results):
                return self._awaited(results, objects, info)
            return list(checked(results, objects, info))
        except Exception as error:
            return [error] * len(objects)

    def _arguments(self, field: "FieldPlan", execution: "Execution", info: Any) -> dict[str, Any]:
        """Make the arguments, or find those made before of the same few small values."""
        given = execution.executor.variable_values.coerced
        values = [given.get(name, Undefined) for name in field.argument_variables]
        kinds = tuple(map(type, values))
        if not _SMALL.issuperset(kinds):
            return self._convert(field, execution, info)
        key = (kinds, *values)  # 1 and True are equal, but need not mean the same
        arguments = self.known_arguments.use(key)
        if arguments is None:
            arguments = self._convert(field, execution, info)
            self.known_arguments.keep(key, arguments)
        return arguments

    def _convert(self, field: "FieldPlan", execution: "Execution", info: Any) -> dict[str, Any]:
        return convert_arguments(
            execution.arguments(field),
            self.strawberry_field.arguments,
            self.scalar_registry,
            self.config,
            info,
        )

    @staticmethod
    async def _awaited(results: Awaitable[Any], objects: list[Any], info: Any) -> list[Any]:
        return list(checked(await results, objects, info))


class PerObjectResolver:
    """Any other resolver: called for each object, all that are async then awaited together.

    The resolver's info knows its field, but not the object: its path has no list indices.
    """

    def values(self, objects: list[Any], field: "FieldPlan", execution: "Execution") -> Values:
        """Call the resolver for each object."""
        executor, info = execution.executor, execution.info(field)
        resolve = field.definition.resolve or executor.field_resolver
        try:
            arguments = execution.arguments(field)
        except Exception as error:
            return [error] * len(objects)
        values = [_attempt(resolve, document, info, **arguments) for document in objects]
        awaitable = executor.is_awaitable
        if any(map(awaitable, values)):
            return self._awaited(values, awaitable)
        return values

    @staticmethod
    async def _awaited(values: list[Any], awaitable: Any) -> list[Any]:
        waiting = [index for index, value in enumerate(values) if awaitable(value)]
        results = await asyncio.gather(*(values[i] for i in waiting), return_exceptions=True)
        for index, result in zip(waiting, results, strict=True):
            if isinstance(result, BaseException) and not isinstance(result, Exception):
                raise result
            values[index] = result
        return values


def _attempt(call: Any, *arguments: Any, **named: Any) -> Any:
    try:
        return call(*arguments, **named)
    except Exception as error:
        return error


def resolver_of(
    definition: GraphQLField, name: str, parent: GraphQLObjectType, schema: Any
) -> Source:
    """Choose the source of a field. Whatever is wrapped around a resolver is never skipped."""
    if name == "__typename":
        return Typename()
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    strawberry_schema = getattr(schema, "_strawberry_schema", None)
    bare = not getattr(field, "extensions", ()) and not getattr(
        strawberry_schema, "exception_handlers", ()
    )
    if bare and isinstance(field, DocumentField):
        return KeyResolver(field.document_keys)
    if bare and isinstance(field, BatchedField) and field.batch_resolver and strawberry_schema:
        return BatchFieldResolver(field.batch_resolver, field, strawberry_schema)
    return PerObjectResolver()
