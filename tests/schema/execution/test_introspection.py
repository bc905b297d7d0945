"""Introspection goes through the same executor, beside data."""

from collections.abc import Callable
from typing import Any

from graphql import build_client_schema, get_introspection_query, print_schema

Ask = Callable[..., dict[str, Any]]

SDL = '''type Item {
  """An id."""
  id: ID!
  tags(first: Int = 3): [String!]
  old: Int @deprecated(reason: "Too old.")
}

type Query {
  item: Item
}'''


def test_the_whole_schema_can_be_asked_for(ask: Ask) -> None:
    answer = ask(SDL, get_introspection_query(descriptions=True))
    assert print_schema(build_client_schema(answer["data"])) == SDL  # type: ignore[arg-type]


def test_introspection_and_data_stand_side_by_side(ask: Ask) -> None:
    answer = ask(
        SDL,
        """query ($name: String!) {
          __typename
          item { __typename id }
          __type(name: $name) { name fields(includeDeprecated: true) { name isDeprecated } }
          none: __type(name: "None") { name }
        }""",
        {"item": {"id": "1"}},
        name="Item",
    )
    fields = [("id", False), ("tags", False), ("old", True)]
    assert answer == {
        "data": {
            "__typename": "Query",
            "item": {"__typename": "Item", "id": "1"},
            "__type": {
                "name": "Item",
                "fields": [{"name": name, "isDeprecated": old} for name, old in fields],
            },
            "none": None,
        }
    }
