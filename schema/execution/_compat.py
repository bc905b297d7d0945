"""The names of graphql-core and Strawberry used here that they do not promise to keep."""

import strawberry
from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import invalid_return_type_error
from strawberry.schema.schema import (
    StrawberryGraphQLCoreExecutionContext as StrawberryExecutor,
)
from strawberry.schema.schema import (
    _OperationContextAwareGraphQLResolveInfo as StrawberryResolveInfo,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

__all__ = [
    "CollectedFields",
    "FieldDetails",
    "GroupedFieldSet",
    "StrawberryExecutor",
    "StrawberryResolveInfo",
    "collect_fields",
    "collect_subfields",
    "converted_arguments",
    "field_of",
    "info_of",
    "invalid_return_type_error",
    "raw_info",
    "schema_of",
]

BACKREF = GraphQLCoreConverter.DEFINITION_BACKREF


def field_of(definition: GraphQLField) -> StrawberryField | None:
    """Return the Strawberry field that a GraphQL field was made of."""
    field: StrawberryField | None = definition.extensions.get(BACKREF)
    return field


def schema_of(schema: GraphQLSchema) -> strawberry.Schema | None:
    """Return the Strawberry schema that a GraphQL schema was made of."""
    return getattr(schema, "_strawberry_schema", None)


def raw_info(info: Info) -> GraphQLResolveInfo[object]:
    """Return the graphql-core info that a Strawberry info wraps."""
    return info._raw_info


def info_of(
    raw: GraphQLResolveInfo[object], field: StrawberryField, schema: strawberry.Schema
) -> Info:
    """Wrap a graphql-core info for a resolver of a Strawberry field."""
    return schema.config.info_class(_raw_info=raw, _field=field)


def converted_arguments(
    arguments: dict[str, object], field: StrawberryField, schema: strawberry.Schema, info: Info
) -> dict[str, object]:
    """Convert coerced arguments to the Python values that a Strawberry resolver expects."""
    registry = schema.schema_converter.scalar_registry
    return convert_arguments(arguments, field.arguments, registry, schema.config, info)
