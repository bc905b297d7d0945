"""Execute a query with both executors, and return the one response that they agree on."""

import asyncio
import inspect
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, execute, parse, validate
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import DocumentField
from schema.execution.executor import BreadthFirstExecutor, unsupported
from tests.schema.execution.agreement import Ask, Response


def document_schema(sdl: str) -> GraphQLSchema:
    """Make a schema whose fields are all read from documents."""
    schema = build_schema(sdl)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                plain = DocumentField(python_name=name, graphql_name=name)
                field.extensions = {GraphQLCoreConverter.DEFINITION_BACKREF: plain}
    return schema


def _with_sorted_errors(response: Response) -> Response:
    return {**response, "errors": sorted(map(repr, response.get("errors", ())))}


@pytest.fixture
def ask() -> Ask:
    """`ask(schema, query, root, **variables)`: a schema is SDL, or a Strawberry root type."""

    async def respond(
        executor: type[DepthFirstExecutor],
        schema: GraphQLSchema,
        query: str,
        root: object,
        variables: dict[str, object],
    ) -> Response:
        document = parse(query)
        assert not validate(schema, document)
        result: Any = execute(
            schema, document, root, variable_values=variables, executor_class=executor
        )
        result = await result if inspect.isawaitable(result) else result
        return dict(result.formatted)

    def ask_both(schema: object, query: str, root: object = None, **variables: object) -> Response:
        if isinstance(schema, str):
            schema = document_schema(schema)
        elif isinstance(schema, type):
            schema = strawberry.Schema(schema)._schema
        assert isinstance(schema, GraphQLSchema)
        executor = BreadthFirstExecutor.build(schema, parse(query), root, None, variables)
        assert not isinstance(executor, BreadthFirstExecutor) or unsupported(executor) is None
        found = asyncio.run(respond(BreadthFirstExecutor, schema, query, root, variables))
        expected = asyncio.run(respond(DepthFirstExecutor, schema, query, root, variables))
        assert _with_sorted_errors(found) == _with_sorted_errors(expected)
        return found

    return ask_both
