"""Plans: what a query asks for, worked out once for a document and kept.

A plan follows the selection sets with fields merged and fragments applied for each object type.
It grows as execution first gets to a place, by graphql-core's own collection of fields, so that
`@skip`, `@include` and type conditions mean exactly what they mean there.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import (
    FieldDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import DirectiveNode, Node, Visitor, visit
from graphql.pyutils import Path

from schema.execution.complete import completer_of
from schema.execution.resolvers import resolver_of
from schema.execution.rows import row_maker
from schema.execution.selection import Selection


class OperationPlan:
    """The plan of an operation, for one set of values of the variables in @skip and @include."""

    def __init__(self, executor: Executor[Any], branches: Mapping[str, Any]) -> None:
        self.schema = executor.schema
        self.operation = executor.operation
        self.fragments = executor.fragments
        self.fragment_definitions = executor.fragment_definitions
        # Of a request's variables the plan keeps no others: it outlives the request.
        sources = executor.variable_values.sources
        self.branches = VariableValues(
            {name: source for name, source in sources.items() if name in branches},
            dict(branches),
        )

    @cached_property
    def root(self) -> "ObjectPlan":
        """The plan of the root type's fields."""
        type_ = cast("GraphQLObjectType", self.schema.query_type)
        collected = collect_fields(
            self.schema, self.fragments, self.branches, type_, self.operation
        )
        return ObjectPlan(type_, collected.grouped_field_set, None, self)


class ObjectPlan:
    """The fields that are asked of objects of one type at one place of the response."""

    def __init__(
        self,
        type_: GraphQLObjectType,
        grouped: GroupedFieldSet,
        path: Path | None,
        operation: OperationPlan,
    ) -> None:
        self.fields: list[FieldPlan] = []
        for key, details in grouped.items():
            definition = operation.schema.get_field(type_, details[0].node.name.value)
            if definition is not None:
                place = Path(path, key, type_.name)
                self.fields.append(FieldPlan(type_, definition, details, place, operation))
        self.rows_of = row_maker(tuple(field.key for field in self.fields))


class FieldPlan:
    """One field of a response: where its values come from, and how they are completed."""

    def __init__(
        self,
        parent_type: GraphQLObjectType,
        definition: GraphQLField,
        details: list[FieldDetails],
        path: Path,
        operation: OperationPlan,
    ) -> None:
        self.parent_type = parent_type
        self.definition = definition
        self.details = details
        self.nodes: list[FieldNode] = [detail.node for detail in details]
        self.name = self.nodes[0].name.value
        self.path = path
        self.key = str(path.key)
        self.operation = operation
        self.source = resolver_of(definition, self.name, parent_type, operation.schema)
        self.completer = completer_of(definition.type, self)
        self._below: dict[GraphQLObjectType, ObjectPlan] = {}

    def __str__(self) -> str:
        return f"{self.parent_type}.{self.name}"

    def below(self, type_: GraphQLObjectType) -> ObjectPlan:
        """Give the plan of the objects of a type that this field gives."""
        plan = self._below.get(type_)
        if plan is None:
            operation = self.operation
            collected = collect_subfields(
                operation.schema,
                operation.fragments,
                operation.branches,
                operation.operation,
                type_,
                self.details,
            )
            plan = ObjectPlan(type_, collected.grouped_field_set, self.path, operation)
            self._below[type_] = plan
        return plan

    @cached_property
    def selection(self) -> Selection:
        """What is asked below this field, for resolvers that look ahead."""
        operation = self.operation
        return Selection(self.nodes, operation.fragment_definitions, operation.branches.coerced)

    @cached_property
    def argument_variables(self) -> tuple[str, ...]:
        """The variables that the arguments depend on."""
        return tuple(variables_in(self.nodes[0].arguments or ()))

    @cached_property
    def constant_arguments(self) -> dict[str, Any] | None:
        """The arguments, when no variable is among them; else None."""
        if self.argument_variables:
            return None
        return get_argument_values(self.definition, self.nodes[0])


def branch_variables(
    operation: OperationDefinitionNode, fragments: Iterable[Node]
) -> tuple[str, ...]:
    """Name the variables that @skip and @include depend on, in a fixed order."""
    conditions: list[DirectiveNode] = []

    class Conditions(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in ("skip", "include"):
                conditions.append(node)

    for definition in (operation, *fragments):
        visit(definition, Conditions())
    return tuple(sorted(set(variables_in(conditions))))


def variables_in(nodes: Iterable[Node]) -> list[str]:
    """Name the variables that are used in some nodes."""
    names: list[str] = []

    class Variables(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            names.append(node.name.value)

    for node in nodes:
        visit(node, Variables())
    return names
