"""Which completer an output type has."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, is_leaf_type

from schema.execution.column import Completer
from schema.execution.leaves import Leaf
from schema.execution.lists import Listed
from schema.execution.objects import Objects

if TYPE_CHECKING:
    from schema.execution.plan import FieldPlan


def completer_of(type_: GraphQLOutputType, field: "FieldPlan") -> Completer:
    """Make the completer of an output type, as `field` uses it."""
    nullable = not isinstance(type_, GraphQLNonNull)
    named: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(named, GraphQLList):
        return Listed(completer_of(named.of_type, field), field, nullable=nullable)
    if is_leaf_type(named):
        return Leaf(named, field, nullable=nullable)
    return Objects(named, field, nullable=nullable)
