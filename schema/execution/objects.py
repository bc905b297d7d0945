"""Objects, interfaces and unions, completed by column."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import repeat
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.executor import invalid_return_type_error

from schema.execution.column import Column, Completer, Opened, settled
from schema.execution.documents import is_document
from schema.execution.errors import FAILED, NO_PROBLEMS, Problems

if TYPE_CHECKING:
    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan
    from schema.execution.scope import Scope


class Objects(Completer):
    """Objects, of one type or of an interface's or union's several."""

    def __init__(
        self,
        type_: GraphQLObjectType | GraphQLAbstractType,
        field: "FieldPlan",
        *,
        nullable: bool,
    ) -> None:
        super().__init__(field, nullable=nullable)
        self.type = type_
        # Documents of a known type need no look at each of them.
        self.takes_any_document = isinstance(type_, GraphQLObjectType) and (
            type_.is_type_of is None or type_.is_type_of is is_document
        )

    def open(self, values: list[Any], execution: "Execution") -> Opened:
        """Hand the objects to a scope for each of their types."""
        kinds = set(map(type, values))
        if not (self.takes_any_document and kinds <= {dict, NoneType}):
            return self._open_one_by_one(values, execution)
        type_ = cast("GraphQLObjectType", self.type)
        if NoneType not in kinds:
            return OpenedObjects(self, None, {type_: execution.scope(self.field, type_, values)})
        objects = [value for value in values if value is not None]
        slots = [None if value is None else type_ for value in values]
        return OpenedObjects(self, slots, {type_: execution.scope(self.field, type_, objects)})

    def _open_one_by_one(self, values: list[Any], execution: "Execution") -> Opened:
        slots, problems = self.one_by_one(values, partial(self._type_of, execution))
        objects: dict[GraphQLObjectType, list[Any]] = {}
        for value, slot in zip(values, slots, strict=True):
            if slot is not None and slot is not FAILED:
                objects.setdefault(slot, []).append(value)
        scopes = {t: execution.scope(self.field, t, found) for t, found in objects.items()}
        return OpenedObjects(self, slots, scopes, problems)

    def _type_of(self, execution: "Execution", value: Any) -> GraphQLObjectType:
        """Find an object's type; raises what graphql-core raises when it has none."""
        executor, info = execution.executor, execution.info(self.field)
        if isinstance(self.type, GraphQLObjectType):
            type_ = self.type
        else:
            resolve_type = self.type.resolve_type or executor.type_resolver
            name = settled(resolve_type(value, info, self.type))
            details = self.field.details
            type_ = executor.ensure_valid_runtime_type(name, self.type, details, info, value)
        if type_.is_type_of and not settled(type_.is_type_of(value, info)):
            raise invalid_return_type_error(type_, value, self.field.details)
        return type_


class OpenedObjects(NamedTuple):
    """Objects in their scopes. `slots` has a type, None or FAILED for each value.

    Without slots there is one scope, and its objects are all the values.
    """

    completer: Objects
    slots: list[Any] | None
    scopes: Mapping[GraphQLObjectType, "Scope"]
    problems: Problems = NO_PROBLEMS

    def close(self) -> Column:
        """Put the scopes' rows back to where their objects were."""
        if self.slots is None:
            (scope,) = self.scopes.values()
            return Column(scope.rows, nulls=False, problems=scope.problems)
        rows: dict[Any, Iterator[Any]] = {None: repeat(None), FAILED: repeat(FAILED)}
        rows |= {type_: iter(scope.rows) for type_, scope in self.scopes.items()}
        values = list(map(next, map(rows.__getitem__, self.slots)))
        problems = dict(self.problems)
        for type_, scope in self.scopes.items():
            if scope.problems:
                places = [index for index, slot in enumerate(self.slots) if slot is type_]
                problems.update((places[i], found) for i, found in scope.problems.items())
        return self.completer.checked(Column(values, None in self.slots, problems))
