"""Documents and two schemas: what the new one refuses (`checking`), and what changes for them."""

from pathlib import Path

import pytest
from graphql import build_schema

from api.documents.changes import breaking_changes, coordinates_in
from api.documents.checking import problems_in
from api.documents.document import Document

OLD = """
type Query { items(first: Int, sort: Sort, filter: Filter): [Item!]! audit: Audit }
type Item { title: String! price: Int heat(scale: Int): Float old: Item }
type Audit { by: String }
enum Sort { NEWEST BEST }
input Filter { tag: String nested: Nested }
input Nested { deep: Int }
"""


def document(text: str, path: str = "Front.graphql") -> Document:
    return Document((path,), text, path)


FRONT = document("query($n: Int) {\n items(first: $n, sort: BEST) { title price } }")
FILTERED = document("query($f: Filter) { items(filter: $f) { heat(scale: 2) } }", "F.graphql")
INLINE = document('{ items(filter: {tag: "a"}) { title } }', "I.graphql")
FRAGMENT = document("{ items { ...Card } } fragment Card on Item { old { heat } }", "C.graphql")
ALL = [FRONT, FILTERED, INLINE, FRAGMENT]


def test_a_problem_has_the_position_in_the_file() -> None:
    new = build_schema(OLD.replace(" price: Int", ""))
    (problem,) = problems_in(FRONT, new)
    assert problem == "Front.graphql:2:39: Cannot query field 'price' on type 'Item'."
    in_manifest = Document(("abc",), FRONT.text, "m.json", 7, "Front")
    assert problems_in(in_manifest, new)[0].startswith("m.json:7: Front, line 2, column 39: ")


def test_the_names_that_a_document_uses_include_all_of_a_variables_type() -> None:
    names = coordinates_in(FILTERED, build_schema(OLD))
    assert names == {
        "Query", "Query.items", "Query.items(filter:)", "Item", "Item.heat", "Item.heat(scale:)",
        "Filter", "Filter.tag", "Filter.nested", "Nested", "Nested.deep",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "users"),
    [
        (" price: Int", "", [FRONT]),
        ("title: String!", "title: String", [FRONT, INLINE]),
        ("price: Int", "price: String", [FRONT]),
        ("first: Int", "first: String", [FRONT]),
        ("heat(scale: Int)", "heat", [FILTERED]),
        ("NEWEST BEST", "NEWEST", [FRONT]),
        ("NEWEST BEST", "BEST", []),
        ("deep: Int", "deep: String", [FILTERED]),
        ("tag: String", "", [FILTERED, INLINE]),
        ("old: Item", "old: [Item]", [FRAGMENT]),
        ("type Audit { by: String }", "type Audit { by: Int }", []),
        ("heat(scale: Int)", "heat(scale: Int, unit: String!)", [FILTERED, FRAGMENT]),
        ("audit: Audit }\n", "audit: Other } type Other { a: Int }\n", []),
        ("audit: Audit }\n", "audit: Audit, more: Int }\n", None),
    ],
)
def test_a_breaking_change_names_the_documents_that_use_it(
    before: str, after: str, users: list[Document] | None
) -> None:
    assert before in OLD
    changes = breaking_changes(build_schema(OLD), build_schema(OLD.replace(before, after, 1)), ALL)
    assert bool(changes) == (users is not None)
    concerned = [one.path for _, found in changes for one in found]
    assert sorted(set(concerned)) == sorted(one.path for one in users or [])


def test_a_removed_type_concerns_whoever_uses_it() -> None:
    new = OLD.replace("input Nested { deep: Int }", "").replace("nested: Nested", "nested: Int")
    changes = dict(breaking_changes(build_schema(OLD), build_schema(new), ALL))
    assert changes["Nested was removed."] == [FILTERED]


def test_the_real_schema_can_be_compared_with_itself() -> None:
    sdl = (Path(__file__).parents[3] / "schema.graphql").read_text()
    assert breaking_changes(build_schema(sdl), build_schema(sdl), []) == []
