"""Objects, interfaces and unions, completed by column."""

from collections.abc import Iterator, Mapping
from itertools import repeat
from types import NoneType
from typing import NamedTuple, cast

from graphql import GraphQLAbstractType, GraphQLObjectType

from schema.execution._compat import invalid_return_type_error
from schema.execution.column import Column, Pending
from schema.execution.completion import BaseCompleter, reject_awaitable
from schema.execution.documents import is_mapping
from schema.execution.errors import FAILED, NO_ERRORS, Failed, FieldErrors
from schema.execution.plan import FieldPlan, Rows, Run

# For each value of a column its type, None for null, or FAILED.
Slots = list[GraphQLObjectType | Failed | None]


class ObjectCompleter(BaseCompleter):
    """Completes objects, of one type or of the types of an interface or union."""

    def __init__(self, type_: GraphQLObjectType | GraphQLAbstractType, *, nullable: bool) -> None:
        super().__init__(nullable=nullable)
        self.type = type_
        # If it is any dict's type, no dict has to be looked at.
        self.takes_any_dict = isinstance(type_, GraphQLObjectType) and (
            type_.is_type_of is None or type_.is_type_of is is_mapping
        )

    def start(self, values: list[object], field: FieldPlan, run: Run) -> Pending:
        """Hand the objects to a scope for each of their types."""
        kinds = set(map(type, values))
        if not (self.takes_any_dict and kinds <= {dict, NoneType}):
            return self._start_each(values, field, run)
        type_ = cast("GraphQLObjectType", self.type)
        if NoneType not in kinds:
            return PendingObjects(self, field, None, {type_: run.scope(field, type_, values)})
        objects = [value for value in values if value is not None]
        slots: Slots = [None if value is None else type_ for value in values]
        return PendingObjects(self, field, slots, {type_: run.scope(field, type_, objects)})

    def _start_each(self, values: list[object], field: FieldPlan, run: Run) -> Pending:
        def type_of(value: object) -> GraphQLObjectType:
            return self._type_of(value, field, run)

        found, errors = self.complete_each(values, field, type_of)
        slots = cast("Slots", found)
        objects: dict[GraphQLObjectType, list[object]] = {}
        for value, slot in zip(values, slots, strict=True):
            if slot is not None and slot is not FAILED:
                objects.setdefault(slot, []).append(value)
        scopes = {type_: run.scope(field, type_, these) for type_, these in objects.items()}
        return PendingObjects(self, field, slots, scopes, errors)

    def _type_of(self, value: object, field: FieldPlan, run: Run) -> GraphQLObjectType:
        """Return an object's type. Raises the error of graphql-core when it has none."""
        executor, info = run.executor, run.info(field)
        if isinstance(self.type, GraphQLObjectType):
            type_ = self.type
        else:
            resolve_type = self.type.resolve_type or executor.type_resolver
            name = reject_awaitable(resolve_type(value, info, self.type))
            type_ = executor.ensure_valid_runtime_type(name, self.type, field.details, info, value)
        if type_.is_type_of and not reject_awaitable(type_.is_type_of(value, info)):
            raise invalid_return_type_error(type_, value, field.details)
        return type_


class PendingObjects(NamedTuple):
    """Objects in their scopes. Without slots there is one scope, and all values are in it."""

    completer: ObjectCompleter
    field: FieldPlan
    slots: Slots | None
    scopes: Mapping[GraphQLObjectType, Rows]
    errors: FieldErrors = NO_ERRORS

    def finish(self) -> Column:
        """Put the rows of the scopes where their objects were."""
        if self.slots is None:
            (scope,) = self.scopes.values()
            return Column(scope.rows, has_nulls=False, errors=scope.errors)
        rows: dict[GraphQLObjectType | Failed | None, Iterator[object]]
        rows = {None: repeat(None), FAILED: repeat(FAILED)}
        rows |= {type_: iter(scope.rows) for type_, scope in self.scopes.items()}
        values = list(map(next, map(rows.__getitem__, self.slots)))
        errors = dict(self.errors)
        for type_, scope in self.scopes.items():
            if scope.errors:
                indices = [index for index, slot in enumerate(self.slots) if slot is type_]
                errors.update((indices[i], found) for i, found in scope.errors.items())
        return self.completer.reject_nulls(Column(values, None in self.slots, errors), self.field)
