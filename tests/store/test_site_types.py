"""The types that sites declare, as texts and as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.site_types import MAX_FIELDS, MAX_NESTING, BadField, Link, Scalar, SiteType, type_of

NAMES = st.from_regex(r"(?!__)[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
_SINGLE: st.SearchStrategy[SiteType] = st.builds(
    SiteType, st.sampled_from([*Scalar, *Link]), st.booleans()
)


def _objects(below: st.SearchStrategy[SiteType]) -> st.SearchStrategy[SiteType]:
    members = st.dictionaries(NAMES, below, min_size=1, max_size=3)
    return st.builds(SiteType, members.map(lambda found: tuple(found.items())), st.booleans())


_TWO_DEEP = _SINGLE | _objects(_SINGLE | _objects(_SINGLE))
TYPES = _TWO_DEEP | _objects(_TWO_DEEP)


@given(TYPES)
def test_a_type_is_the_same_after_it_was_written(type_: SiteType) -> None:
    assert type_of(type_.value) == type_


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("String", "String"),
        (" [String!] ", "[String!]"),
        ("[ Int ]", "[Int!]"),
        (["URL"], "[URL!]"),
        ({"a": "Int"}, "{a: Int}"),
        ([{"a": ["Item"]}], "[{a: [Item!]}]"),
    ],
)
def test_how_types_are_written(value: object, text: str) -> None:
    assert str(type_of(value)) == text


@pytest.mark.parametrize(
    ("value", "path", "code"),
    [
        ("Strin", (), "type"),
        ("String!", (), "type"),
        ("[String]!", (), "type"),
        (["[String]"], (), "type"),
        ([["String"]], (), "type"),
        ([], (), "type"),
        ({}, (), "type"),
        (3, (), "type"),
        (None, (), "type"),
        ({"a": "b"}, ("a",), "type"),
        ([{"a": {"b": None}}], (0, "a", "b"), "type"),
        ({"a-b": "Int"}, ("a-b",), "name"),
        ({"__a": "Int"}, ("__a",), "name"),
        ({"a" * 101: "Int"}, ("a" * 101,), "too-long"),
        ({f"a{number}": "Int" for number in range(MAX_FIELDS + 1)}, (), "too-many"),
    ],
)
def test_what_is_not_a_type(value: object, path: tuple[object, ...], code: str) -> None:
    with pytest.raises(BadField) as error:
        type_of(value)
    assert (error.value.path, error.value.code) == (path, code)


def test_objects_nest_so_many_times_and_no_more() -> None:
    value: object = "Int"
    for _ in range(MAX_NESTING):
        value = {"a": value}
    type_of(value)
    with pytest.raises(BadField, match="use JSON"):
        type_of({"a": value})
    for _ in range(100_000):
        value = {"a": value}
    with pytest.raises(BadField, match="use JSON"):
        type_of(value)
