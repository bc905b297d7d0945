"""What a query consists of, found in one walk over its syntax tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
)

from schema.limits.arguments import ARGUMENT_READERS, ArgumentReader
from schema.limits.inputs import most_values_in_literals


@dataclass(frozen=True, slots=True)
class Outline:
    """A query's definitions, its counts, and the variables that change its cost."""

    operations: tuple[OperationDefinitionNode, ...]
    fragments: Mapping[str, FragmentDefinitionNode]
    aliases: int
    directives: int
    input_values: int
    """The most values in one argument."""
    priced_variables: tuple[tuple[str, ArgumentReader], ...]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation to execute (GraphQL, section 6.1, "GetOperation").

        None if no operation has the name, or if none is named and there are several.
        """
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        for operation in self.operations:
            if operation.name and operation.name.value == name:
                return operation
        return None


def read_outline(
    node: DocumentNode, readers: Mapping[str, ArgumentReader] = ARGUMENT_READERS
) -> Outline:
    """Walk a query: linear in its text, and without recursion.

    `readers` read the variables that change the cost, by the names of arguments and of fields in
    their input objects.
    """
    operations: list[OperationDefinitionNode] = []
    fragments: dict[str, FragmentDefinitionNode] = {}
    variables: dict[tuple[str, ArgumentReader], None] = {}  # an ordered set
    literals: list[ValueNode] = []
    aliases = directives = 0

    def count_directives(nodes: tuple[DirectiveNode, ...] | None) -> None:
        nonlocal directives
        for node in nodes or ():
            directives += 1
            note_arguments(node)

    def note_arguments(node: FieldNode | DirectiveNode) -> None:
        for argument in node.arguments or ():
            note_variable(argument)
            if not isinstance(argument.value, VariableNode):
                literals.append(argument.value)
            if isinstance(argument.value, ObjectValueNode):
                for field in argument.value.fields:
                    note_variable(field)

    def note_variable(node: ArgumentNode | ObjectFieldNode) -> None:
        reader = readers.get(node.name.value)
        if reader and isinstance(node.value, VariableNode):
            variables[node.value.name.value, reader] = None

    for definition in node.definitions:
        match definition:
            case OperationDefinitionNode():
                operations.append(definition)
                for variable in definition.variable_definitions or ():
                    count_directives(variable.directives)
                    if variable.default_value:
                        literals.append(variable.default_value)
            case FragmentDefinitionNode():
                fragments[definition.name.value] = definition
            case _:
                continue  # a type definition: validation refuses it
        count_directives(definition.directives)
        for selection in selections_of(definition):
            count_directives(selection.directives)
            if isinstance(selection, FieldNode):
                aliases += selection.alias is not None
                note_arguments(selection)
    return Outline(
        tuple(operations),
        fragments,
        aliases,
        directives,
        most_values_in_literals(literals),
        tuple(variables),
    )


def selections_of(
    definition: OperationDefinitionNode | FragmentDefinitionNode,
) -> Iterator[SelectionNode]:
    """Yield every selection written inside a definition, once."""
    pending = [definition.selection_set]
    while pending:
        for selection in pending.pop().selections:
            yield selection
            if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                pending.append(selection.selection_set)
