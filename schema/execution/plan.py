"""Plans: how to execute a query. Data, and the protocols of what resolves and completes it.

`planner` makes plans, `run` executes them, and this module imports neither.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution import Executor
from graphql.pyutils import Path

from schema.execution._compat import FieldDetails
from schema.execution.budget import WorkBudget
from schema.execution.column import Pending
from schema.execution.errors import FieldErrors
from schema.execution.rows import RowMaker
from schema.execution.selection import Selection

# One value for each object. A coroutine's result is still to be checked for its length.
Values = list[object] | Coroutine[Any, Any, Sequence[object]]


@dataclass(slots=True)
class ObjectPlan:
    """The fields selected on objects of one type at one path of the response."""

    fields: list["FieldPlan"]
    make_rows: RowMaker
    row_bytes: int
    """The bytes of an object's JSON without its values."""


@dataclass(slots=True, eq=False)
class FieldPlan:
    """One field of the response: where its values come from, and how they are completed."""

    parent_type: GraphQLObjectType
    definition: GraphQLField
    details: list[FieldDetails]
    nodes: list[FieldNode]
    path: Path
    key: str
    name: str
    resolver: "Resolver"
    completer: "Completer"
    selection: Selection
    argument_variables: tuple[str, ...]
    # The arguments, if the same for every request.
    constant_arguments: dict[str, object] | None
    planner: "Planner"
    early: list["FieldPlan"] | None = field(init=False, default=None)
    """The fields of its objects that are called before these are found; None: not known yet."""
    _below: dict[GraphQLObjectType, ObjectPlan] = field(init=False, default_factory=dict)

    def __str__(self) -> str:
        return f"{self.parent_type}.{self.name}"

    def below(self, type_: GraphQLObjectType) -> ObjectPlan:
        """Return the plan of this field's objects of a type, made when first needed."""
        plan = self._below.get(type_)
        if plan is None:
            plan = self._below[type_] = self.planner.plan_below(self, type_)
        return plan


class Planner(Protocol):
    """Extends a plan when execution first reaches a field's objects."""

    def plan_below(self, field: FieldPlan, type_: GraphQLObjectType) -> ObjectPlan:
        """Plan the objects of a type that a field returns."""


class Rows(Protocol):
    """The rows of some objects, in their order, once everything below them is complete."""

    @property
    def rows(self) -> Sequence[object]:
        """A dict for each object, or FAILED."""

    @property
    def errors(self) -> FieldErrors:
        """The errors in the rows, by index."""


class Run(Protocol):
    """One execution of a plan, as resolvers and completers see it."""

    @property
    def executor(self) -> Executor[Any]:
        """graphql-core's executor of the operation."""

    @property
    def budget(self) -> WorkBudget:
        """What completers count their values in."""

    def scope(self, field: FieldPlan, type_: GraphQLObjectType, objects: list[object]) -> Rows:
        """Add a scope for the objects of one type among a field's values."""

    def info(self, field: FieldPlan) -> GraphQLResolveInfo[object]:
        """Return the info for resolvers of a field, the same for all objects."""

    def arguments(self, field: FieldPlan) -> dict[str, object]:
        """Coerce the arguments of a field. Raises GraphQLError."""


class Resolver(Protocol):
    """Resolves a field for all objects of a scope in one call."""

    def resolve(self, objects: list[object], field: FieldPlan, run: Run) -> Values:
        """Return one value for each object, in order; an Exception is that object's error."""


class Completer(Protocol):
    """Completes the values of one output type, column by column."""

    @property
    def nullable(self) -> bool:
        """Whether null is a value of the type."""

    def start(self, values: list[object], field: FieldPlan, run: Run) -> Pending:
        """Check the resolved values, and add scopes to the run for the objects among them."""
