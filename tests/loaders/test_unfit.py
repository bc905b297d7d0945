"""The smallest part of an item that has to be left out for a value that does not fit."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.diagnostics import FieldPath
from loaders.unfit import optional_part, without
from loaders.values import Value
from store.fields import AUDIENCE, ITEM
from tests.loaders.parsed import parsed


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (("heat",), ("heat",)),
        (("tags", 1), ("tags", 1)),
        (("images", 1, "width"), ("images", 1, "width")),
        (("images", 1, "url"), ("images", 1)),
        (("related", 0, "title"), ("related", 0)),
        (("related", 0, "images", 2, "url"), ("related", 0, "images", 2)),
        (("related", 0, "provider", "name"), ("related", 0, "provider", "name")),
        (("secured", "iv"), ("secured",)),
        (("secured", "more"), ("secured", "more")),
        (("title",), None),
        (("published",), None),
        (("publishedDateTime",), None),
        (("related", 0, "publishedDateTime"), ("related", 0, "publishedDateTime")),
        (("draft",), None),
    ],
)
def test_the_smallest_optional_part_is_left_out(path: FieldPath, part: FieldPath | None) -> None:
    assert optional_part(path, ITEM) == part


def test_parts_are_left_out_of_a_copy() -> None:
    data: dict[str, Value] = {
        "heat": "x",
        "tags": ["a", "b", "c", "d"],
        "images": [{"url": "/a", "alt": []}, {"url": "/b", "width": "x"}],
        "provider": {"name": "A"},
    }
    paths: list[FieldPath] = [
        ("heat",), ("tags", 0), ("tags", 2), ("images", 0, "title"), ("images", 1, "width"),
        ("images", 1, "width"),
    ]  # fmt: skip

    assert without(data, paths, ITEM) == {
        "tags": ["b", "d"],
        "images": [{"url": "/a"}, {"url": "/b"}],
        "provider": {"name": "A"},
    }
    assert data["tags"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("provider", ["''", "a" * 501])
def test_a_name_that_stands_for_a_provider_is_left_out_whole(provider: str) -> None:
    file = parsed(
        f"---\ntitle: A\nprovider: {provider}\nrelated: [{{title: B, provider: {provider}}}]\n---\n"
    )
    (built,) = file.items
    assert "provider" not in built
    assert [entry["title"] for entry in built["related"]] == ["B"]
    assert "provider" not in built["related"][0]
    assert len([*file.problems]) == 2


def test_hundreds_of_bad_values_cost_the_field_and_are_not_all_reported() -> None:
    tags = ", ".join(["[a]"] * 500)
    file = parsed(f"---\ntitle: A\nheat: 5\ntags: [b, {tags}]\n---\n")
    (built,) = file.items

    assert (built["tags"], built["heat"], len(built["extra"]["tags"])) == ([], 5, 501)
    assert len(list(file.problems)) == 100


_json = st.recursive(
    st.one_of(st.booleans(), st.integers(-5, 5), st.floats(-5, 5), st.text(max_size=5),
              st.sampled_from(["/a.png", "https://a.example/1", "2021-09-27", "YQ==;YQ=="])),
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from(
            ["url", "src", "width", "title", "alt", "name", "domain", "images", "provider", "iv",
             "ciphertext", "webUrl"]), below, max_size=3),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(ITEM.keys - {"title", "body"})), _json))
def test_no_value_of_an_optional_field_costs_the_item(mapping: dict[str, object]) -> None:
    file = parsed(orjson.dumps({"title": "A"} | mapping), "a.json")

    errors = [problem for problem in file.problems if problem.severity == "error"]
    if errors:
        assert {problem.field for problem in errors} <= AUDIENCE
        return
    (built,) = file.items
    for problem in file.problems:
        key = problem.field.partition(".")[0].partition("[")[0]
        assert built["extra"][key] == mapping[key]
