"""Resolvers by column: one call returns a field's values for all objects of a scope."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from types import NoneType
from typing import Any, cast

import strawberry
from cachetools import LRUCache
from graphql import GraphQLField, GraphQLSchema
from graphql.pyutils import Undefined
from strawberry.types import Info
from typing_extensions import override

from schema.execution._compat import converted_arguments, field_of, info_of, schema_of
from schema.execution.batched import BatchedField, BatchResolver, check_results
from schema.execution.documents import DocumentField, read
from schema.execution.plan import FieldPlan, Resolver, Run, Values

# Arguments are kept for values of these types alone: strings and lists could be of any size.
_SMALL = frozenset({bool, int, NoneType, type(Undefined)})
_MAX_KEPT = 16


class TypenameResolver(Resolver):
    """Resolves `__typename`, which the plan knows."""

    @override
    def resolve(self, objects: list[object], field: FieldPlan, run: Run) -> Values:
        """Repeat the name of the type."""
        return [field.parent_type.name] * len(objects)


class KeyResolver(Resolver):
    """Resolves a field to the value of a key in the parent document."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.item: Callable[[Any], object] = itemgetter(keys[0])

    @override
    def resolve(self, objects: list[object], field: FieldPlan, run: Run) -> Values:
        """Read the documents."""
        try:
            return list(map(self.item, objects))
        except Exception:  # a document lacks the first key, or a parent is not a dict
            return self._read_each(objects)

    def _read_each(self, objects: list[Any]) -> list[object]:
        try:
            if len(self.keys) == 1:
                (key,) = self.keys
                return [document.get(key) for document in objects]
            return [read(document, self.keys) for document in objects]
        except Exception:  # a parent is not a dict
            return [_attempt(read, document, self.keys) for document in objects]


class BatchFieldResolver(Resolver):
    """Resolves a batched field: one call of its resolver for all objects."""

    def __init__(
        self, resolver: BatchResolver, field: BatchedField, schema: strawberry.Schema
    ) -> None:
        self.resolver = resolver
        self.field = field
        self.schema = schema
        self.constant: dict[str, object] | None = None
        self.kept: LRUCache[tuple[object, ...], dict[str, object]] = LRUCache(_MAX_KEPT)

    @override
    def resolve(self, objects: list[object], field: FieldPlan, run: Run) -> Values:
        """Call the resolver, with arguments converted as Strawberry converts them."""
        try:
            info = info_of(run.info(field), self.field, self.schema)
            results = self.resolver(objects, info, **self._arguments(field, run, info))
            if inspect.isawaitable(results):
                return results if inspect.iscoroutine(results) else _awaited(results)
            return list(check_results(results, objects, field.name))
        except Exception as error:
            return [error] * len(objects)

    def _arguments(self, field: FieldPlan, run: Run, info: Info) -> dict[str, object]:
        """Convert the arguments, or return those converted earlier from the same small values."""
        if not field.argument_variables:
            if self.constant is None:
                self.constant = self._converted(field, run, info)
            return self.constant
        given = run.executor.variable_values.coerced
        values = [given.get(name, Undefined) for name in field.argument_variables]
        kinds = tuple(map(type, values))
        if not _SMALL.issuperset(kinds):
            return self._converted(field, run, info)
        key = (kinds, *values)  # 1 and True are equal, but need not mean the same
        arguments = self.kept.get(key)
        if arguments is None:
            arguments = self.kept[key] = self._converted(field, run, info)
        return arguments

    def _converted(self, field: FieldPlan, run: Run, info: Info) -> dict[str, object]:
        return converted_arguments(run.arguments(field), self.field, self.schema, info)


class PerObjectResolver(Resolver):
    """Resolves any other field: its resolver is called for each object, awaitables are gathered.

    The resolver's info knows its field, but not the object: its path has no list indices.
    """

    @override
    def resolve(self, objects: list[object], field: FieldPlan, run: Run) -> Values:
        """Call the resolver for each object."""
        executor, info = run.executor, run.info(field)
        resolve = field.definition.resolve or executor.field_resolver
        try:
            arguments = run.arguments(field)
        except Exception as error:
            return [error] * len(objects)
        values = [_attempt(resolve, parent, info, **arguments) for parent in objects]
        if any(map(executor.is_awaitable, values)):
            return _gathered(values, executor.is_awaitable)
        return values


def resolver_of(definition: GraphQLField, name: str, schema: GraphQLSchema) -> Resolver:
    """Choose the resolver of a field. Whatever wraps a Strawberry resolver is never skipped."""
    if name == "__typename":
        return TypenameResolver()
    field = field_of(definition)
    strawberry_schema = schema_of(schema)
    wrapped = getattr(field, "extensions", ()) or getattr(
        strawberry_schema, "exception_handlers", ()
    )
    if wrapped:
        return PerObjectResolver()
    if isinstance(field, DocumentField):
        return KeyResolver(field.document_keys)
    if isinstance(field, BatchedField) and field.batch_resolver and strawberry_schema:
        return BatchFieldResolver(field.batch_resolver, field, strawberry_schema)
    return PerObjectResolver()


def _attempt(call: Callable[..., object], *arguments: object, **named: object) -> object:
    try:
        return call(*arguments, **named)
    except Exception as error:
        return error


async def _awaited(results: Awaitable[Sequence[object]]) -> Sequence[object]:
    return await results


async def _gathered(values: list[object], is_awaitable: Callable[[object], bool]) -> list[object]:
    indices = [index for index, value in enumerate(values) if is_awaitable(value)]
    waiting = [cast("Awaitable[object]", values[index]) for index in indices]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    for index, result in zip(indices, results, strict=True):
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
        values[index] = result
    return values
