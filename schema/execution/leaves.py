"""Scalars and enums, completed by column."""

from collections.abc import Awaitable, Callable
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString
from graphql.pyutils import Undefined

from schema.execution.column import Column, Completer

if TYPE_CHECKING:
    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan


class Leaf(Completer):
    """Scalars and enums."""

    def __init__(self, type_: GraphQLLeafType, field: "FieldPlan", *, nullable: bool) -> None:
        super().__init__(field, nullable=nullable)
        self.type = type_
        self.serialize = type_.coerce_output_value
        unchanged = unchanged_by(self.serialize)
        self.bounded = unchanged is int
        # Of these types every value is as the response wants it.
        self.clean = {type_ for type_ in (unchanged, NoneType if nullable else None) if type_}
        # Of these types every value may be given to the serialiser.
        self.serialisable: set[type] = {NoneType}

    def open(self, values: list[Any], execution: "Execution") -> Column:
        """Complete the values there and then: nothing is below them."""
        kinds = set(map(type, values))
        if kinds <= self.clean and not (self.bounded and _beyond_32_bits(values)):
            return Column(values, NoneType in kinds)
        return self.checked(self._at_once(values, kinds) or self._one_by_one(values, execution))

    def _at_once(self, values: list[Any], kinds: set[type]) -> Column | None:
        """Serialise all values, or give None if that is not without problems."""
        if not kinds <= self.serialisable:
            if any(issubclass(kind, NEVER_SERIALISED) for kind in kinds):
                return None
            self.serialisable |= kinds
        serialize = self.serialize
        try:
            completed = [None if value is None else serialize(value) for value in values]
        except Exception:
            return None
        given = set(map(type, completed))
        nulls = NoneType in given
        if UndefinedType in given or (nulls and completed.count(None) != values.count(None)):
            return None  # a serialiser must not give null
        return Column(completed, nulls)

    def _one_by_one(self, values: list[Any], execution: "Execution") -> Column:
        complete = partial(execution.executor.complete_leaf_value, self.type)
        completed, problems = self.one_by_one(values, complete)
        return Column(completed, None in completed, problems)


UndefinedType = type(Undefined)
NEVER_SERIALISED = (Exception, Awaitable, UndefinedType)

_UNCHANGED: list[tuple[Callable[..., Any], type]] = [
    (GraphQLString.coerce_output_value, str),
    (GraphQLID.coerce_output_value, str),
    (GraphQLBoolean.coerce_output_value, bool),
    (GraphQLInt.coerce_output_value, int),  # those of 32 bits
    (str, str),
]


def unchanged_by(serialize: Callable[..., Any]) -> type | None:
    """Give the exact type whose values a serialiser gives back as they are, if there is one."""
    for known, type_ in _UNCHANGED:
        if serialize is known:
            return type_
    return getattr(serialize, "unchanged", None)


def _beyond_32_bits(values: list[int | None]) -> bool:
    numbers = [number for number in values if number is not None]
    return bool(numbers) and not (min(numbers) >= -(2**31) and max(numbers) < 2**31)
