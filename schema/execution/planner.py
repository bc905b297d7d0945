"""Makes plans: fields merged and fragments applied for each object type, once for a parsed query.

A plan grows when execution first reaches a path. graphql-core's own function collects the fields,
so that `@skip`, `@include` and type conditions mean exactly what they mean there. A plan is kept
for later requests with the same parsed query.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, cast

from cachetools import LRUCache
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
from schema.execution.leaves import LeafCompleter
from schema.execution.lists import ListCompleter
from schema.execution.objects import ObjectCompleter
from schema.execution.plan import Completer, FieldPlan, ObjectPlan
from schema.execution.resolvers import resolver_of
from schema.execution.rows import row_maker
from schema.execution.selection import Selection

PLANS = "breadth-first plans"  # the key in the schema's extensions
MAX_OPERATIONS = 512
MAX_BRANCHES = 16  # of each operation: 2 to the number of variables would be too many

Branches = tuple[tuple[str, object], ...]


class PlannedOperation:
    """An operation's plans, one for each combination of the variables in @skip and @include."""

    def __init__(self, executor: Executor[Any]) -> None:
        # Plans are found by the operation's id, which it must keep as long as they exist.
        self.operation = executor.operation
        fragments = executor.fragment_definitions.values()
        self.branch_variables = _branch_variables([executor.operation, *fragments])
        self.plans: LRUCache[Branches, ObjectPlan] = LRUCache(MAX_BRANCHES)


def plan_of(executor: Executor[Any]) -> ObjectPlan:
    """Return the plan of the root type's fields, made if it is not kept.

    Operations are told apart by identity: a parsed query that is used again has its plans ready,
    while an equal one that was parsed separately is planned separately.
    """
    # Kept by the schema that they refer to, so that they are freed with it.
    operations: LRUCache[int, PlannedOperation] | None = executor.schema.extensions.get(PLANS)
    if operations is None:
        operations = executor.schema.extensions[PLANS] = LRUCache(MAX_OPERATIONS)
    try:
        planned = operations[id(executor.operation)]
    except KeyError:
        planned = operations[id(executor.operation)] = PlannedOperation(executor)
    given = executor.variable_values.coerced
    branches = tuple((name, given[name]) for name in planned.branch_variables if name in given)
    try:
        return planned.plans[branches]
    except KeyError:
        plan = planned.plans[branches] = OperationPlanner(executor, dict(branches)).plan_root()
    return plan


class OperationPlanner:
    """Plans an operation, for one set of values of the variables in @skip and @include."""

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
        return self._plan_objects(type_, collected.grouped_field_set, field.path)

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
        keys = tuple(field.key for field in fields)
        return ObjectPlan(fields, row_maker(keys), row_bytes(keys))

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
