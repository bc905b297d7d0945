"""Introspection: executed by the same executor, beside data.

Covers `resolvers` for fields without a Strawberry field, and `planner` for `__typename`.
"""

from graphql import build_client_schema, get_introspection_query, print_schema

from tests.schema.execution.agreement import Ask

SDL = '''type Item {
  """An id."""
  id: ID!
  tags(first: Int = 3): [String!]
  old: Int @deprecated(reason: "Too old.")
}

type Query {
  item: Item
}'''


def test_the_whole_schema_can_be_introspected(ask: Ask) -> None:
    response = ask(SDL, get_introspection_query(descriptions=True))
    assert print_schema(build_client_schema(response["data"])) == SDL


def test_a_query_may_ask_for_introspection_and_data(ask: Ask) -> None:
    response = ask(
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
    assert response == {
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
