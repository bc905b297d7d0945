"""The fields that sites declare: their types as texts and values, and their collisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.audience import Audience
from store.site_fields import (
    FILTERS,
    MAX_FIELDS,
    MAX_FILTERS,
    MAX_NESTING,
    RESERVED_FILTERS,
    RESERVED_NAMES,
    BadField,
    Disagreement,
    Link,
    Scalar,
    SiteField,
    SiteType,
    agreed,
    check_field,
    check_fields,
    type_of,
)

NAMES = st.from_regex(r"(?!__)[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
_SINGLE: st.SearchStrategy[SiteType] = st.builds(
    SiteType, st.sampled_from([*Scalar, *Link]), st.booleans()
)


def _objects(below: st.SearchStrategy[SiteType]) -> st.SearchStrategy[SiteType]:
    members = st.dictionaries(NAMES, below, min_size=1, max_size=3)
    return st.builds(SiteType, members.map(lambda found: tuple(found.items())), st.booleans())


_TWO_DEEP = _SINGLE | _objects(_SINGLE | _objects(_SINGLE))
TYPES = _TWO_DEEP | _objects(_TWO_DEEP)


def _field(name: str, type_: str = "String", **options: object) -> SiteField:
    return SiteField(name, type_of(type_), name)._replace(**options)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_names_of_items_are_refused(name: str) -> None:
    with pytest.raises(BadField, match="newsgraph's own"):
        check_field(_field(name), ())


@pytest.mark.parametrize("name", sorted(RESERVED_FILTERS - RESERVED_NAMES))
def test_names_of_filters_are_refused_only_for_filters(name: str) -> None:
    check_field(_field(name), ())
    with pytest.raises(BadField, match="newsgraph's own"):
        check_field(_field(name, filter=True), ())


@pytest.mark.parametrize("key", ["draft", "removed", "deleted", "published", "taxonomy", "title"])
def test_keys_that_decide_about_an_item_cannot_be_taken(key: str) -> None:
    with pytest.raises(BadField, match="a field cannot take it"):
        check_field(_field("mine", key=key), ())


@pytest.mark.parametrize("type_", [*Scalar, *Link])
def test_which_types_filter(type_: Scalar | Link) -> None:
    for text in (type_.value, f"[{type_.value}]"):
        field = _field("price", text, filter=True)
        if type_ in FILTERS:
            check_field(field, ())
        else:
            with pytest.raises(BadField, match="is for Boolean, Int, String, URL"):
                check_field(field, ())


def test_a_corpus_has_so_many_fields_and_filters() -> None:
    check_fields([_field(f"a{number}", filter=number < MAX_FILTERS) for number in range(100)])
    with pytest.raises(BadField, match="101 fields"):
        check_fields([_field(f"a{number}") for number in range(101)])
    with pytest.raises(BadField, match="21 fields with filter: true"):
        check_fields([_field(f"a{number}", filter=number <= MAX_FILTERS) for number in range(100)])


def test_two_objects_cannot_have_one_name_in_graphql() -> None:
    nested = SiteField("a", type_of({"bC": {"d": "Int"}}), "a")
    outer = SiteField("aBC", type_of({"d": "Int"}), "aBC")
    with pytest.raises(BadField, match="the same GraphQL type as a, SiteABC"):
        check_fields([nested, outer])
    itself = SiteField("x", type_of({"a": {"bC": {"d": "Int"}}, "aB": {"c": {"d": "Int"}}}), "x")
    with pytest.raises(BadField, match="SiteXABC"):
        check_fields([itself])


def test_values_of_another_type_are_stored_under_another_key() -> None:
    keys = {_field("price", type_).stored_at for type_ in ("String", "Int", "[Int]", "Item")}
    assert len(keys) == 4
    assert {name for name, _ in keys} == {"price"}


def test_roots_agree_on_type_filter_and_audience() -> None:
    one = {"/a": [_field("price", key="cost")], "/b": [_field("price", description="What it is.")]}
    assert agreed(one) == (_field("price", key="cost", description="What it is."),)
    for other in (
        _field("price", "Int"),
        _field("price", filter=True),
        _field("price", audience=Audience.EDITOR),
    ):
        with pytest.raises(Disagreement) as error:
            agreed({"/b": [other], "/a": [_field("price")]})
        assert error.value.roots == ("/a", "/b")
