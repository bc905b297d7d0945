"""Scalars and enums: what is passed through, what is converted, what is refused.

Covers `leaves`.
"""

import asyncio
from typing import NewType

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.leaves import passthrough
from tests.schema.execution.agreement import Ask

Tag = NewType("Tag", str)


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("String", ["a", 1, True, 1.5], ["a", "1", "true", "1.5"]),
        ("ID", ["a", 7], ["a", "7"]),
        ("Int", [1, 2**31 - 1, -(2**31), 2.0, True, "3"], [1, 2**31 - 1, -(2**31), 2, 1, 3]),
        ("Float", [1.5, 2, "2.5"], [1.5, 2.0, 2.5]),
        ("Boolean", [True, 0, 1.0], [True, False, True]),
        ("Color", ["RED", "BLUE"], ["RED", "BLUE"]),
    ],
)
def test_leaves_are_serialized(
    ask: Ask, type_: str, values: list[object], expected: list[object]
) -> None:
    sdl = f"type Query {{ values: [{type_}] }} enum Color {{ RED BLUE }}"
    assert ask(sdl, "{ values }", {"values": values}) == {"data": {"values": expected}}


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("Int", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648"),
        ("Int", -(2**31) - 1, "Int cannot represent non 32-bit signed integer value: -2147483649"),
        ("Int", "x", "Int cannot represent non-integer value: 'x'"),
        ("String", [], "String cannot represent value: []"),
        ("Boolean", "true", "Boolean cannot represent a non boolean value: 'true'"),
        ("Color", "GREEN", "Enum 'Color' cannot represent value: 'GREEN'"),
    ],
)
def test_a_wrong_leaf_becomes_null_with_an_error_and_leaves_its_siblings(
    ask: Ask, type_: str, value: object, message: str
) -> None:
    right = {"Int": 1, "String": "a", "Boolean": True, "Color": "RED"}[type_]
    sdl = f"type Query {{ values: [{type_}] }} enum Color {{ RED BLUE }}"
    response = ask(sdl, "{ values }", {"values": [right, value, None, right]})
    assert response["data"] == {"values": [right, None, None, right]}
    assert [(e["message"], e["path"]) for e in response["errors"]] == [(message, ["values", 1])]


@pytest.mark.parametrize("executor", [BreadthFirstExecutor, DepthFirstExecutor])
def test_a_passthrough_serializer_is_called_for_values_of_other_types(
    executor: type[DepthFirstExecutor],
) -> None:
    @passthrough(str)
    def serialize(value: object) -> str:
        return value if isinstance(value, str) else f"<{value}>"

    tag = strawberry.scalar(name="Tag", serialize=serialize)

    @strawberry.type
    class Root:
        tags: list[Tag] = document_field(description="")

    config = StrawberryConfig(scalar_map={Tag: tag})
    schema = strawberry.Schema(Root, execution_context_class=executor, config=config)
    for tags, expected in ((["a", "b"], ["a", "b"]), (["a", 1], ["a", "<1>"])):
        result = asyncio.run(schema.execute("{ tags }", root_value={"tags": tags}))
        assert result.data == {"tags": expected}


def test_a_serializer_that_returns_null_is_an_error_of_its_values(ask: Ask) -> None:
    tag = strawberry.scalar(name="Tag", serialize=lambda value: value or None)

    @strawberry.type
    class Root:
        tags: list[Tag | None] = document_field(description="")

    config = StrawberryConfig(scalar_map={Tag: tag})
    schema = strawberry.Schema(Root, config=config)._schema
    response = ask(schema, "{ tags }", {"tags": ["a", "", None]})
    assert response["data"] == {"tags": ["a", None, None]}
    assert [error["path"] for error in response["errors"]] == [["tags", 1]]
