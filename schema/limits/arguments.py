"""The arguments that change what a query returns, read before anything is validated."""

from collections.abc import Callable, Mapping
from typing import Any, Final

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
"""The argument that names the objects to return, one by one."""

Reader = Callable[[Any], int | None]


def number(value: Any) -> int | None:
    """Read a page size; None for null, for an absent variable and for what is no integer."""
    return min(value, LARGEST) if isinstance(value, int) and not isinstance(value, bool) else None


def length(value: Any) -> int:
    """Read the length of a list; GraphQL takes a single value for a list of one."""
    return 0 if value is None else len(value) if isinstance(value, list | tuple) else 1


def flag(value: Any) -> int | None:
    """Read the condition of @skip or @include; None if it cannot be known."""
    return int(value) if isinstance(value, bool) else None


READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(PAGE_ARGUMENTS, number),
    IDS_ARGUMENT: length,
    "if": flag,
}
"""How an argument of this name is read. No other argument changes a price."""


def given(node: ValueNode, variables: Mapping[str, Any]) -> Any:
    """Give what was written or sent for an argument, as far as a reader wants to know it."""
    match node:
        case VariableNode():
            return variables.get(node.name.value)
        case IntValueNode():
            # int() takes its time over many digits, and refuses more than 4,300.
            return int(node.value) if len(node.value) < 16 else LARGEST
        case BooleanValueNode():
            return node.value
        case ListValueNode():
            return node.values
        case NullValueNode():
            return None
    return node


def defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    """Give the values of the variables that have one when none is sent."""
    return {
        variable.variable.name.value: given(variable.default_value, {})
        for variable in operation.variable_definitions or ()
        if variable.default_value
    }


def is_left_out(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """Tell whether @skip or @include surely takes a selection out of the response."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in ("skip", "include"):
            for argument in directive.arguments or ():
                condition = flag(given(argument.value, variables))
                if argument.name.value == "if" and condition == (name == "skip"):
                    return True
    return False
