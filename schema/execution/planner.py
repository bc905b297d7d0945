"""Makes plans: fields merged and fragments applied for each object type, once for a parsed query.

A plan grows when execution first reaches a path. graphql-core's own function collects the fields,
so that `@skip`, `@include` and type conditions mean exactly what they mean there. `kept_plans`
keeps plans for later requests with the same parsed query.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

from graphql import (
    DirectiveNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    Node,
    VariableNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution import Executor
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.pyutils import Path

from schema.execution._compat import (
    FieldDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from schema.execution.budget import row_bytes
from schema.execution.kept_plans import KeptPlans, PlannedOperation
from schema.execution.leaves import LeafCompleter
from schema.execution.lists import ListCompleter
from schema.execution.objects import ObjectCompleter
from schema.execution.plan import Completer, FieldPlan, ObjectPlan
from schema.execution.resolvers import resolver_of
from schema.execution.rows import RowMaker, row_maker
from schema.execution.selection import Selection


def plan_of(executor: Executor[Any]) -> ObjectPlan:
    """Return the plan of the root type's fields, made if it is not kept."""
    kept: KeptPlans[OperationPlan] = KeptPlans.of(executor.schema)
    planned = kept.get(executor.operation)
    if planned is None:
        fragments = executor.fragment_definitions.values()
        variables = _branch_variables([executor.operation, *fragments])
        planned = PlannedOperation(executor.operation, variables)
    given = executor.variable_values.coerced
    branches = tuple((name, given[name]) for name in planned.branch_variables if name in given)
    try:
        return planned.plans[branches].root
    except KeyError:
        planner = OperationPlanner(executor, dict(branches))
        plan = planned.plans[branches] = OperationPlan(planner.plan_root(), planner)
        kept.put(planned)
    return plan.root


class OperationPlan(NamedTuple):
    """The plan of an operation, for one set of values of the variables in @skip and @include."""

    root: ObjectPlan
    planner: "OperationPlanner"

    @property
    def fields(self) -> int:
        """How many fields are planned so far."""
        return self.planner.fields


class OperationPlanner:
    """Plans an operation, for one set of values of the variables in @skip and @include.

    It does not refer to the plan, so that plans are freed as soon as they are no longer kept.
    """

    def __init__(self, executor: Executor[Any], branches: Mapping[str, object]) -> None:
        self.schema = executor.schema
        self.operation = executor.operation
        self.fragments = executor.fragments
        self.fragment_definitions = executor.fragment_definitions
        # A plan outlives its request, and keeps no other variables of it.
        sources = executor.variable_values.sources
        self.variables = VariableValues(
            {name: source for name, source in sources.items() if name in branches},
            dict(branches),
        )
        self.fields = 0
        self._row_makers: dict[tuple[str, ...], RowMaker] = {}

    def plan_root(self) -> ObjectPlan:
        """Plan the fields of the root type."""
        type_ = cast("GraphQLObjectType", self.schema.query_type)
        collected = collect_fields(
            self.schema, self.fragments, self.variables, type_, self.operation
        )
        return self._plan_objects(type_, collected.grouped_field_set, None)

    def plan_below(self, field: FieldPlan, type_: GraphQLObjectType) -> ObjectPlan:
        """Plan the objects of a type that a field returns."""
        collected = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, field.details
        )
        plan = self._plan_objects(type_, collected.grouped_field_set, field.path)
        KeptPlans.of(self.schema).update(self.operation)
        return plan

    def _plan_objects(
        self, type_: GraphQLObjectType, grouped: GroupedFieldSet, path: Path | None
    ) -> ObjectPlan:
        fields = []
        for key, details in grouped.items():
            definition = self.schema.get_field(type_, details[0].node.name.value)
            if definition is not None:  # graphql-core leaves unknown fields out too
                fields.append(
                    self._plan_field(type_, definition, details, Path(path, key, type_.name))
                )
        self.fields += len(fields)
        keys = tuple(field.key for field in fields)
        if keys not in self._row_makers:  # fragments repeat the same keys on many paths
            self._row_makers[keys] = row_maker(keys)
        return ObjectPlan(fields, self._row_makers[keys], row_bytes(keys))

    def _plan_field(
        self,
        parent_type: GraphQLObjectType,
        definition: GraphQLField,
        details: list[FieldDetails],
        path: Path,
    ) -> FieldPlan:
        nodes = [detail.node for detail in details]
        name = nodes[0].name.value
        variables = tuple(_variables_in(nodes[0].arguments or ()))
        arguments: dict[str, object] | None = None
        if not variables:
            with suppress(Exception):  # the run meets it again, and makes it the field's error
                arguments = get_argument_values(definition, nodes[0])
        return FieldPlan(
            parent_type=parent_type,
            definition=definition,
            details=details,
            nodes=nodes,
            path=path,
            key=str(path.key),
            name=name,
            resolver=resolver_of(definition, name, self.schema),
            completer=completer_of(definition.type),
            selection=Selection(nodes, self.fragment_definitions, self.variables),
            argument_variables=variables,
            constant_arguments=arguments,
            planner=self,
        )


def completer_of(type_: GraphQLOutputType) -> Completer:
    """Return a completer of an output type's values."""
    nullable = not isinstance(type_, GraphQLNonNull)
    named = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(named, GraphQLList):
        innermost = get_named_type(named)
        return ListCompleter(
            completer_of(named.of_type),
            nullable=nullable,
            of_objects=not is_leaf_type(innermost) and not innermost.name.startswith("__"),
        )
    if isinstance(named, GraphQLScalarType | GraphQLEnumType):
        return LeafCompleter(named, nullable=nullable)
    return ObjectCompleter(named, nullable=nullable)


def _branch_variables(definitions: Iterable[Node]) -> tuple[str, ...]:
    """Return the names of the variables that @skip and @include depend on, sorted."""
    conditions = [
        node
        for node in _nodes_in(definitions)
        if isinstance(node, DirectiveNode) and node.name.value in ("skip", "include")
    ]
    return tuple(sorted(set(_variables_in(conditions))))


def _variables_in(nodes: Iterable[Node]) -> list[str]:
    return [node.name.value for node in _nodes_in(nodes) if isinstance(node, VariableNode)]


def _nodes_in(nodes: Iterable[Node]) -> Iterator[Node]:
    """Iterate over nodes and everything below them, in any order."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        for key in QUERY_DOCUMENT_KEYS.get(node.kind, ()):
            child = getattr(node, key)
            if isinstance(child, Node):
                stack.append(child)
            elif child:
                stack.extend(child)
