"""Value completion by column: checks and serialises one field's values for all objects at once.

This is the specification's CompleteValue (section 6.4.3) turned on its side. Each output type has
a completer, made when the query is planned. Its `open` takes the raw values that a resolver gave,
one for each parent, and hands the objects found in them to new scopes; `close`, called when those
scopes have their rows, gives the column of the response. What a clean column looks like is
decided by the set of its values' types; only other columns are looked at value by value.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from itertools import chain, repeat
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    is_leaf_type,
)
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import Undefined, is_iterable

from schema.execution.documents import is_document
from schema.execution.errors import FAILED, NO_PROBLEMS, Problem, Problems, ProblemsAbove

if TYPE_CHECKING:
    from schema.execution.execution import Execution
    from schema.execution.plan import FieldPlan
    from schema.execution.scope import Scope


class Column(NamedTuple):
    """One field's completed values. Without `nulls` there is certainly no None among them."""

    values: list[Any]
    nulls: bool
    problems: Problems = NO_PROBLEMS

    def close(self) -> "Column":
        """Give the column itself: it has no objects to wait for."""
        return self


class Opened(Protocol):
    """A column whose objects may still be without rows."""

    def close(self) -> Column:
        """Give the completed column."""


class Completer:
    """Completes the values of one output type at one field (or in that field's lists)."""

    def __init__(self, field: "FieldPlan", *, nullable: bool) -> None:
        self.field = field
        self.nullable = nullable

    def open(self, values: list[Any], execution: "Execution") -> Opened:
        """Take the raw values; scopes for the objects in them are added to the execution."""
        raise NotImplementedError

    def problem(self, error: Exception) -> Problem:
        """Make a problem of an error at a value."""
        return Problem(error, self.field.nodes)

    def checked(self, column: Column) -> Column:
        """Give the column, each null in it made a problem if the type is non-null."""
        if self.nullable or not column.nulls:
            return column
        message = f"Cannot return null for non-nullable field {self.field}."
        nulls = [index for index, value in enumerate(column.values) if value is None]
        problems = {index: [self.problem(TypeError(message))] for index in nulls}
        values = [FAILED if value is None else value for value in column.values]
        return Column(values, nulls=False, problems={**column.problems, **problems})


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
        complete = execution.executor.complete_leaf_value
        completed: list[Any] = []
        problems: dict[int, list[Problem]] = {}
        for index, value in enumerate(values):
            if value is None or value is Undefined:
                completed.append(None)
                continue
            try:
                completed.append(complete(self.type, usable(value)))
            except Exception as error:
                completed.append(FAILED)
                problems[index] = [self.problem(error)]
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


class Listed(Completer):
    """Lists: their items are completed as one long column, then cut up again."""

    def __init__(self, items: Completer, field: "FieldPlan", *, nullable: bool) -> None:
        super().__init__(field, nullable=nullable)
        self.items = items

    def open(self, values: list[Any], execution: "Execution") -> Opened:
        """Lay the lists end to end and open their items."""
        kinds = set(map(type, values))
        problems = NO_PROBLEMS
        if not kinds <= {list, NoneType}:
            values, problems = self._as_lists(values)
            kinds = set(map(type, values))
        lists = values if kinds == {list} else [value for value in values if type(value) is list]
        items = self.items.open(list(chain.from_iterable(lists)), execution)
        return OpenedLists(self, values, NoneType in kinds, problems, items)

    def _as_lists(self, values: list[Any]) -> tuple[list[Any], Problems]:
        """Give a list, None or FAILED for each value."""
        lists: list[Any] = []
        problems: dict[int, list[Problem]] = {}
        for index, value in enumerate(values):
            if value is None or value is Undefined:
                lists.append(None)
                continue
            try:
                if not is_iterable(usable(value)):
                    message = f"Expected Iterable, but did not find one for field '{self.field}'."
                    raise GraphQLError(message)
                lists.append(list(value))
            except Exception as error:
                lists.append(FAILED)
                problems[index] = [self.problem(error)]
        return lists, problems


class OpenedLists(NamedTuple):
    """Lists whose items may still be without rows."""

    completer: Listed
    lists: list[Any]
    nulls: bool
    problems: Problems
    items: Opened

    def close(self) -> Column:
        """Cut the items' column into lists again."""
        items = self.items.close()
        values: list[Any] = []
        start = 0
        for given in self.lists:
            if type(given) is list:
                end = start + len(given)
                values.append(items.values[start:end])
                start = end
            else:
                values.append(given)
        problems = self._bring_up(items, values) if items.problems else self.problems
        return self.completer.checked(Column(values, self.nulls, problems))

    def _bring_up(self, items: Column, values: list[Any]) -> Problems:
        """Bring the items' problems up to their lists, in `values`."""
        above = ProblemsAbove(self.problems)
        nullable = self.completer.items.nullable
        start = 0
        for parent, given in enumerate(self.lists):
            if type(given) is not list:
                continue
            for index in range(len(given)):
                if found := items.problems.get(start + index):
                    failed = items.values[start + index] is FAILED
                    above.add(parent, index, found, fatal=failed and not nullable)
                    if failed:
                        values[parent][index] = None
            start += len(given)
        for parent in above.failed:
            values[parent] = FAILED
        return above.problems


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
        slots: list[Any] = []
        problems: dict[int, list[Problem]] = {}
        objects: dict[GraphQLObjectType, list[Any]] = {}
        for index, value in enumerate(values):
            if value is None or value is Undefined:
                slots.append(None)
                continue
            try:
                type_ = self._type_of(usable(value), execution)
            except Exception as error:
                slots.append(FAILED)
                problems[index] = [self.problem(error)]
            else:
                slots.append(type_)
                objects.setdefault(type_, []).append(value)
        scopes = {t: execution.scope(self.field, t, found) for t, found in objects.items()}
        return OpenedObjects(self, slots, scopes, problems)

    def _type_of(self, value: Any, execution: "Execution") -> GraphQLObjectType:
        """Find an object's type; raises what graphql-core raises when it has none."""
        executor, info = execution.executor, execution.info(self.field)
        if isinstance(self.type, GraphQLObjectType):
            type_ = self.type
        else:
            resolve_type = self.type.resolve_type or executor.type_resolver
            name = usable(resolve_type(value, info, self.type))
            details = self.field.details
            type_ = executor.ensure_valid_runtime_type(name, self.type, details, info, value)
        if type_.is_type_of and not usable(type_.is_type_of(value, info)):
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


def usable(value: Any) -> Any:
    """Give a value back; raises the exception that it is, or TypeError for an awaitable."""
    if isinstance(value, Exception):
        raise value
    if isinstance(value, Awaitable):
        if isinstance(value, Coroutine):
            value.close()
        raise TypeError("Only what a resolver gives as a whole is awaited, not what is in it.")
    return value


def completer_of(type_: GraphQLOutputType, field: "FieldPlan") -> Completer:
    """Make the completer of an output type, as `field` uses it."""
    nullable = not isinstance(type_, GraphQLNonNull)
    named: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(named, GraphQLList):
        return Listed(completer_of(named.of_type, field), field, nullable=nullable)
    if is_leaf_type(named):
        return Leaf(named, field, nullable=nullable)
    return Objects(named, field, nullable=nullable)
