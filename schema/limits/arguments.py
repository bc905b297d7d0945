"""The arguments that change how much a query returns, read before the query is validated."""

from collections.abc import Callable, Mapping
from typing import Final

from graphql import (
    BooleanValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
)

from schema.limits.limits import LARGEST

PAGE_ARGUMENTS: Final = ("first", "last")
"""Arguments that say how many objects to return."""

IDS_ARGUMENT: Final = "ids"
"""The argument that lists the objects to return."""

ArgumentReader = Callable[[object], int | None]
"""Turns an argument's value into the number that pricing needs."""


def as_page_size(value: object) -> int | None:
    """Return a page size; None for null, for an absent variable and for other types."""
    return min(value, LARGEST) if isinstance(value, int) and not isinstance(value, bool) else None


def as_list_length(value: object) -> int:
    """Return the length of a list; GraphQL coerces a single value to a list of one."""
    return 0 if value is None else len(value) if isinstance(value, list | tuple) else 1


def as_condition(value: object) -> int | None:
    """Return the condition of @skip or @include as 0 or 1; None if it is unknown."""
    return int(value) if isinstance(value, bool) else None


ARGUMENT_READERS: Final[Mapping[str, ArgumentReader]] = {
    **dict.fromkeys(PAGE_ARGUMENTS, as_page_size),
    IDS_ARGUMENT: as_list_length,
    "if": as_condition,
}
"""How an argument of this name is read. No other argument changes a price."""


def literal_or_variable(node: ValueNode, variables: Mapping[str, object]) -> object:
    """Return an argument's value, literal or variable, as far as a reader needs it."""
    match node:
        case VariableNode():
            return variables.get(node.name.value)
        case IntValueNode():
            # int() is slow for many digits, and refuses more than 4,300.
            return int(node.value) if len(node.value) < 16 else LARGEST
        case BooleanValueNode():
            return node.value
        case ListValueNode():
            return node.values
        case NullValueNode():
            return None
    return node


def variable_defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    """Return the default values of an operation's variables, by name."""
    return {
        variable.variable.name.value: literal_or_variable(variable.default_value, {})
        for variable in operation.variable_definitions or ()
        if variable.default_value
    }


def is_excluded(node: SelectionNode, variables: Mapping[str, object]) -> bool:
    """Return whether @skip or @include is known to remove a selection from the response."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in ("skip", "include"):
            for argument in directive.arguments or ():
                condition = as_condition(literal_or_variable(argument.value, variables))
                if argument.name.value == "if" and condition == (name == "skip"):
                    return True
    return False
