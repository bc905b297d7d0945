"""What is written in a document, found in one walk over it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
)

from schema.limits.arguments import READERS, Reader


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's definitions, what is counted in it, and which variables change its price."""

    operations: tuple[OperationDefinitionNode, ...]
    fragments: Mapping[str, FragmentDefinitionNode]
    aliases: int
    directives: int
    priced_variables: tuple[tuple[str, Reader], ...]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Find the operation to run as Strawberry does: by its name, else the first one."""
        for operation in self.operations:
            if name is None or (operation.name and operation.name.value == name):
                return operation
        return None


def outline(document: DocumentNode) -> Outline:
    """Walk a document: linear in its text, and without recursion."""
    operations: list[OperationDefinitionNode] = []
    fragments: dict[str, FragmentDefinitionNode] = {}
    variables: dict[tuple[str, Reader], None] = {}  # an ordered set
    aliases = directives = 0

    def count_directives(nodes: tuple[DirectiveNode, ...] | None) -> None:
        nonlocal directives
        for node in nodes or ():
            directives += 1
            note_variables(node)

    def note_variables(node: FieldNode | DirectiveNode) -> None:
        for argument in node.arguments or ():
            reader = READERS.get(argument.name.value)
            if reader and isinstance(argument.value, VariableNode):
                variables[argument.value.name.value, reader] = None

    for definition in document.definitions:
        match definition:
            case OperationDefinitionNode():
                operations.append(definition)
                for variable in definition.variable_definitions or ():
                    count_directives(variable.directives)
            case FragmentDefinitionNode():
                fragments[definition.name.value] = definition
            case _:
                continue  # a definition of a type: validation refuses it
        count_directives(definition.directives)
        for selection in _selections(definition):
            count_directives(selection.directives)
            if isinstance(selection, FieldNode):
                aliases += selection.alias is not None
                note_variables(selection)
    return Outline(tuple(operations), fragments, aliases, directives, tuple(variables))


def _selections(
    definition: OperationDefinitionNode | FragmentDefinitionNode,
) -> Iterator[SelectionNode]:
    """Give every selection written inside of a definition, once."""
    pending = [definition.selection_set]
    while pending:
        for selection in pending.pop().selections:
            yield selection
            if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                pending.append(selection.selection_set)
