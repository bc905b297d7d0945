"""Scalars and enums, completed by column."""

from collections.abc import Awaitable, Callable
from functools import partial
from types import NoneType
from typing import TypeVar

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString
from graphql.pyutils import Undefined

from schema.execution.column import Column
from schema.execution.completion import BaseCompleter
from schema.execution.plan import FieldPlan, Run

Serializer = Callable[..., object]
S = TypeVar("S", bound=Serializer)

UndefinedType = type(Undefined)
_NEVER_SERIALIZED = (Exception, Awaitable, UndefinedType)
_MIN_INT, _MAX_INT = -(2**31), 2**31 - 1  # GraphQL's Int has 32 bits

# Serializers, each with the exact type of the values that it returns as they are.
_PASSTHROUGH: dict[Serializer, type] = {
    GraphQLString.coerce_output_value: str,
    GraphQLID.coerce_output_value: str,
    GraphQLBoolean.coerce_output_value: bool,
    GraphQLInt.coerce_output_value: int,  # within its range
    str: str,
}


def passthrough(type_: type) -> Callable[[S], S]:
    """Declare that a scalar's serializer returns values of this exact type as they are.

    Columns of nothing else are then not serialized value by value.
    """

    def declare(serializer: S) -> S:
        _PASSTHROUGH[serializer] = type_
        return serializer

    return declare


class LeafCompleter(BaseCompleter):
    """Completes scalars and enums."""

    def __init__(self, type_: GraphQLLeafType, *, nullable: bool) -> None:
        super().__init__(nullable=nullable)
        self.type = type_
        self.serialize: Serializer = type_.coerce_output_value
        passed = _PASSTHROUGH.get(self.serialize)
        self.bounded = passed is int
        # Values of these types are in the response as they are.
        self.clean = {kind for kind in (passed, NoneType if nullable else None) if kind}
        # Values of these types may be passed to the serializer.
        self.serializable: set[type] = {NoneType}

    def start(self, values: list[object], field: FieldPlan, run: Run) -> Column:
        """Complete the values; nothing is below them."""
        kinds = set(map(type, values))
        if kinds <= self.clean and not (self.bounded and _beyond_32_bits(values)):
            run.budget.add_leaves(values, kinds)
            return Column(values, NoneType in kinds)
        column = self._serialize_all(values, kinds, run) or self._serialize_each(values, field, run)
        return self.reject_nulls(column, field)

    def _serialize_all(self, values: list[object], kinds: set[type], run: Run) -> Column | None:
        """Serialize the values, or return None if any of them is wrong."""
        if not kinds <= self.serializable:
            if any(issubclass(kind, _NEVER_SERIALIZED) for kind in kinds):
                return None
            self.serializable |= kinds
        serialize = self.serialize
        try:
            completed = [None if value is None else serialize(value) for value in values]
        except Exception:
            return None
        returned = set(map(type, completed))
        has_nulls = NoneType in returned
        if UndefinedType in returned or (has_nulls and completed.count(None) != values.count(None)):
            return None  # a serializer must not return null
        run.budget.add_leaves(completed, returned)
        return Column(completed, has_nulls)

    def _serialize_each(self, values: list[object], field: FieldPlan, run: Run) -> Column:
        # This method of the executor counts each value that it completes.
        complete = partial(run.executor.complete_leaf_value, self.type)
        completed, errors = self.complete_each(values, field, complete)
        return Column(completed, None in completed, errors)


def _beyond_32_bits(values: list[object]) -> bool:
    numbers = [value for value in values if isinstance(value, int)]
    return bool(numbers) and not (min(numbers) >= _MIN_INT and max(numbers) <= _MAX_INT)
