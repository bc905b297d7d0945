"""Fields that are read from documents, without a resolver.

Covers `documents`.
"""

import asyncio

import pytest
import strawberry

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import document_field, read
from schema.execution.executor import BreadthFirstExecutor


@strawberry.type
class Thing:
    """Its fields are read in every possible way."""

    id: strawberry.ID = document_field(description="", key=("_id", "id"))
    web_url: str | None = document_field(description="")
    type_: str | None = document_field(description="", name="type")
    size: int | None = document_field(description="", key="bytes")


@strawberry.type
class Query:
    """The root."""

    things: list[Thing | None] = document_field(description="")


@pytest.mark.parametrize("executor", [BreadthFirstExecutor, DepthFirstExecutor])
def test_fields_are_read_by_graphql_name_or_by_their_keys(
    executor: type[DepthFirstExecutor],
) -> None:
    schema = strawberry.Schema(Query, execution_context_class=executor)
    things = [
        {"_id": "1", "id": "other", "webUrl": "u", "type": "t", "bytes": 3, "web_url": "no"},
        {"id": "2"},
        None,
        7,
    ]
    query = "{ things { id webUrl type size } }"
    result = asyncio.run(schema.execute(query, root_value={"things": things}))
    assert result.data == {
        "things": [
            {"id": "1", "webUrl": "u", "type": "t", "size": 3},
            {"id": "2", "webUrl": None, "type": None, "size": None},
            None,
            None,
        ]
    }
    assert [error.path for error in result.errors or ()] == [["things", 3, "id"]]


def test_the_first_key_that_a_document_has_decides() -> None:
    assert read({"b": 1, "c": 2}, ("a", "b", "c")) == 1
    assert read({"a": None, "b": 1}, ("a", "b")) is None
    assert read({}, ("a", "b")) is None
