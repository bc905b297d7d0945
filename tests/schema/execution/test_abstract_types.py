"""Interfaces and unions: each object has the fields of its own type.

Covers `objects`.
"""

from typing import Any

import pytest
import strawberry

from schema.execution.documents import DictObject, document_field
from tests.schema.execution.agreement import Ask

SDL = """
type Query { nodes: [Node] either: [Either!] }
interface Node { id: ID! }
union Either = Cat | Dog
type Cat implements Node { id: ID! lives: Int }
type Dog implements Node { id: ID! master: Cat bark: String! }
"""
CAT = {"__typename": "Cat", "id": "c", "lives": 9}
DOG = {"__typename": "Dog", "id": "d", "master": CAT, "bark": "wuff"}


def test_each_object_has_the_fields_of_its_own_type(ask: Ask) -> None:
    response = ask(
        SDL,
        """{
          nodes { __typename id ... on Cat { lives } ... on Dog { bark master { lives } } }
          either { ... on Node { id } ... on Dog { bark } kind: __typename }
        }""",
        {"nodes": [DOG, None, CAT, DOG], "either": [CAT, DOG]},
    )
    dog = {"__typename": "Dog", "id": "d", "bark": "wuff", "master": {"lives": 9}}
    assert response == {
        "data": {
            "nodes": [dog, None, {"__typename": "Cat", "id": "c", "lives": 9}, dog],
            "either": [{"id": "c", "kind": "Cat"}, {"id": "d", "bark": "wuff", "kind": "Dog"}],
        }
    }


def test_errors_in_objects_of_mixed_types_find_their_index(ask: Ask) -> None:
    response = ask(
        SDL,
        "{ nodes { id ... on Dog { bark } ... on Cat { lives } } }",
        {"nodes": [CAT, DOG, {**DOG, "bark": None}, {**CAT, "lives": "many"}, DOG]},
    )
    assert [error["path"] for error in response["errors"]] == [
        ["nodes", 2, "bark"],
        ["nodes", 3, "lives"],
    ]
    assert response["data"]["nodes"][2] is None
    assert response["data"]["nodes"][3] == {"id": "c", "lives": None}


@pytest.mark.parametrize("name", [None, 3, "Nowhere", "Query", "Node", "Int"])
def test_an_object_without_a_fitting_type_is_an_error(ask: Ask, name: Any) -> None:
    response = ask(SDL, "{ nodes { id } }", {"nodes": [CAT, {"__typename": name, "id": "x"}]})
    assert response["data"] == {"nodes": [{"id": "c"}, None]}
    assert [error["path"] for error in response["errors"]] == [["nodes", 1]]


def test_a_strawberry_interface_decides_the_types_of_documents(ask: Ask) -> None:
    @strawberry.interface
    class Node:
        id: strawberry.ID = document_field(description="", key="_id")

        @classmethod
        def resolve_type(cls, value: Any, _info: object, _type: object) -> str:
            return str(value["_id"]).split(":")[0]

    @strawberry.type
    class Item(DictObject, Node):
        title: str = document_field(description="")

    @strawberry.type
    class Query:
        nodes: list[Node | None] = document_field(description="")
        item: Item = document_field(description="")

    schema = strawberry.Schema(Query, types=[Item])._schema
    item = {"_id": "Item:1", "title": "T"}
    response = ask(
        schema,
        "{ nodes { id ... on Item { title } } item { id } }",
        {"nodes": [item, {"_id": "Other:1"}, "not a document"], "item": item},
    )
    assert response["data"] == {
        "nodes": [{"id": "Item:1", "title": "T"}, None, None],
        "item": {"id": "Item:1"},
    }
    assert [error["path"] for error in response["errors"]] == [["nodes", 1], ["nodes", 2]]
