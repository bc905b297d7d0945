"""Null and non-null: the specification's "Handling Execution Errors" (section 6.4.4).

Covers `completion`, `errors` and `scope`.
"""

from tests.schema.execution.agreement import Ask


def test_an_absent_key_and_a_null_are_null(ask: Ask) -> None:
    response = ask("type Query { a: Int b: Int c: Int }", "{ a b c }", {"a": 1, "b": None})
    assert response == {"data": {"a": 1, "b": None, "c": None}}


def test_a_null_in_a_non_null_field_makes_its_object_null(ask: Ask) -> None:
    response = ask(
        "type Query { item: Item } type Item { id: ID title: String! }",
        "{ item { id title } }",
        {"item": {"id": "1"}},
    )
    assert response == {
        "data": {"item": None},
        "errors": [
            {
                "message": "Cannot return null for non-nullable field Item.title.",
                "locations": [{"line": 1, "column": 13}],
                "path": ["item", "title"],
            }
        ],
    }


def test_null_bubbles_through_non_null_objects_and_lists_up_to_the_root(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item!]! } type Item { link: Link! } type Link { url: String! }",
        "{ items { link { url } } }",
        {"items": [{"link": {"url": "a"}}, {"link": {}}]},
    )
    assert response["data"] is None
    assert [error["path"] for error in response["errors"]] == [["items", 1, "link", "url"]]


def test_null_stops_at_the_nullable_item_of_a_list(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item]! } type Item { link: Link! } type Link { url: String! }",
        "{ items { link { url } } }",
        {"items": [{"link": {"url": "a"}}, {"link": {}}, None, {}]},
    )
    assert response["data"] == {"items": [{"link": {"url": "a"}}, None, None, None]}
    assert [error["path"] for error in response["errors"]] == [
        ["items", 1, "link", "url"],
        ["items", 3, "link"],
    ]


def test_of_the_errors_that_make_an_object_null_only_the_first_is_reported(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item!] } type Item { a: Int b: Int! c: Int! d: Int }",
        "{ items { a b c d } }",
        {"items": [{"a": "x", "b": None, "c": None, "d": "x"}, {"b": None}]},
    )
    assert response["data"] == {"items": None}
    assert [error["path"] for error in response["errors"]] == [["items", 0, "a"], ["items", 0, "b"]]


def test_a_failed_object_leaves_its_siblings_intact(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item] } type Item { id: ID! image: Image } type Image { url: ID! }",
        "{ items { image { url } id } }",
        {"items": [{"image": {"url": "a"}}, {"id": "2", "image": {}}, {"id": "3"}]},
    )
    assert response["data"] == {
        "items": [None, {"image": None, "id": "2"}, {"image": None, "id": "3"}]
    }
    assert [error["path"] for error in response["errors"]] == [
        ["items", 0, "id"],
        ["items", 1, "image", "url"],
    ]
