"""The fields that sites declare, and their collisions."""

import pytest

from store.audience import Audience
from store.site_fields import (
    FILTERS,
    MAX_FILTERS,
    RESERVED_FILTERS,
    RESERVED_NAMES,
    Disagreement,
    SiteField,
    agreed,
    check_field,
    check_fields,
)
from store.site_types import BadField, Link, Scalar, type_of


def _field(name: str, type_: str = "String", **options: object) -> SiteField:
    return SiteField(name, type_of(type_), name)._replace(**options)  # type: ignore[arg-type]


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
