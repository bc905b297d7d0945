"""How many values an argument or a variable has, in all its lists and input objects together.

graphql-core's messages about a wrong value repeat the whole argument, once for each error in it,
and printing takes 5 us a value. So values are counted before they are validated.
"""

from collections.abc import Iterable, Mapping

from graphql import ListValueNode, ObjectValueNode, ValueNode


def most_values_in_literals(nodes: Iterable[ValueNode]) -> int:
    """Return the most values in any of some literals: linear in their text, without recursion."""
    return max(map(_values_in_literal, nodes), default=0)


def most_values_in_variables(variables: Mapping[str, object]) -> int:
    """Return the most values in any of some variables, which are JSON: linear, no recursion."""
    return max(map(_values_in_json, variables.values()), default=0)


def _values_in_literal(node: ValueNode) -> int:
    count = 0
    pending = [node]
    while pending:
        node = pending.pop()
        count += 1
        if isinstance(node, ListValueNode):
            pending += node.values
        elif isinstance(node, ObjectValueNode):
            pending += [field.value for field in node.fields]
    return count


def _values_in_json(value: object) -> int:
    count = 0
    pending = [value]
    while pending:
        value = pending.pop()
        count += 1
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
    return count
