"""Ask both executors, and get the one answer that they agree on."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, execute, parse, validate
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import DocumentField
from schema.execution.executor import BreadthFirstExecutor, unsupported

Answer = dict[str, Any]


def document_schema(sdl: str) -> GraphQLSchema:
    """Make a schema whose fields are all read from documents."""
    schema = build_schema(sdl)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                plain = DocumentField(python_name=name, graphql_name=name)
                field.extensions = {GraphQLCoreConverter.DEFINITION_BACKREF: plain}
    return schema


def _with_sorted_errors(answer: Answer) -> Answer:
    return {**answer, "errors": sorted(map(repr, answer.get("errors", ())))}


@pytest.fixture
def ask() -> Callable[..., Answer]:
    """`ask(schema, query, root, **variables)`: a schema is SDL, or a Strawberry root type."""

    async def answer(
        executor: type[DepthFirstExecutor],
        schema: GraphQLSchema,
        query: str,
        root: Any,
        variables: dict[str, Any],
    ) -> Answer:
        document = parse(query)
        assert not validate(schema, document)
        result: Any = execute(
            schema, document, root, variable_values=variables, executor_class=executor
        )
        result = await result if inspect.isawaitable(result) else result
        return dict(result.formatted)

    def ask_both(schema: Any, query: str, root: Any = None, **variables: Any) -> Answer:
        if isinstance(schema, str):
            schema = document_schema(schema)
        elif not isinstance(schema, GraphQLSchema):
            schema = strawberry.Schema(schema)._schema
        executor = BreadthFirstExecutor.build(schema, parse(query), root, None, variables)
        assert not isinstance(executor, BreadthFirstExecutor) or unsupported(executor) is None
        found = asyncio.run(answer(BreadthFirstExecutor, schema, query, root, variables))
        expected = asyncio.run(answer(DepthFirstExecutor, schema, query, root, variables))
        assert _with_sorted_errors(found) == _with_sorted_errors(expected)
        return found

    return ask_both
