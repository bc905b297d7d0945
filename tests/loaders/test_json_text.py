"""JSON is read exactly, and each error has its position."""

from ast import literal_eval

import pytest
from yaml import Node

from loaders import yaml_nodes
from loaders.diagnostics import BadInput
from loaders.json_text import load, record_of_line, records
from loaders.values import Value
from tests.loaders.parsed import messages


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"title": "A"}', [{"title": "A"}]),
        ('[{"title": "A"}, {"title": "B"}]', [{"title": "A"}, {"title": "B"}]),
        ('{"value": [{"title": "A"}]}', [{"title": "A"}]),
        ('{"value": "a", "title": "A"}', [{"value": "a", "title": "A"}]),
        ("[]", []),
        ("5", [5]),
    ],
)
def test_an_item_a_list_and_a_page_are_told_apart(text: str, data: object) -> None:
    assert [record.data for record in records(text)] == data


def test_null_means_absent_for_fields_and_everywhere_in_a_page() -> None:
    member = '{"title": null, "images": [null, {"width": null}], "x": null, "y": {"z": null}}'
    fields_absent: Value = {"images": [{}], "x": None, "y": {"z": None}}
    all_absent: Value = {"images": [{}], "y": {}}

    assert [record.data for record in records(member)] == [fields_absent]
    assert [record.data for record in records(f"[{member}]")] == [fields_absent]
    assert record_of_line(member, 0).data == fields_absent
    assert [record.data for record in records(f'{{"value": [{member}]}}')] == [all_absent]


@pytest.mark.parametrize(
    "number", ["9223372036854775807", "-9223372036854775808", "1e300", "0.1", "12345678901.5"]
)
def test_numbers_that_can_be_stored_are_kept(number: str) -> None:
    assert load(f'{{"x": {number}}}') == {"x": literal_eval(number)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"x": 9223372036854775808}',
         "1:7 JSON '9223372036854775808' does not fit in 64 bits; quote it [integer-range]"),
        ('{"y": 5,\n "x": -1e999}',
         "2:7 JSON number is infinity when parsed as double [json]"),
        ('{"x": {"a": 1,\n "b": 2, "a": 3}}',
         "2:10 a is a duplicate key; keep one of them [duplicate-key]"),
        ('{"é\\n": 1, "é\\n": 2}',
         "1:12 é\n is a duplicate key; keep one of them [duplicate-key]"),
        ("[1, 2", "1:6 JSON unexpected end of data [json]"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused(text: str, message: str) -> None:
    assert messages(text, "a.json") == [message]


def test_a_text_that_only_looks_like_a_duplicate_key_is_accepted() -> None:
    assert load('{"x": "\\"y\\": 1"}') == {"x": '"y": 1'}


def test_problems_of_a_line_count_the_lines_above_it() -> None:
    for line in ('{"a": 1, "a": 2}', "{", '{"x": 1e999}', "[" * 200 + "]" * 200):
        with pytest.raises(BadInput) as raised:
            record_of_line(line, 7)
        assert [problem.line for problem in raised.value.problems] == [8]


def test_a_record_finds_the_positions_of_its_values() -> None:
    first, second = records('[{"a": 1},\n {"a": {"b": 2}}]')

    assert first.position_of(("a",)) == (1, 8)
    assert second.position_of(("a", "b")) == (2, 14)
    assert second.position_of(("a", "missing")) == (2, 8)


def test_a_problem_in_a_text_that_libyaml_cannot_parse_has_its_first_line() -> None:
    # YAML has no surrogate pairs.
    assert messages('{"title": "\\ud83d\\ude00",\n "heat": "x"}', "a.json") == [
        "1:1 heat 'x' is not a whole number [integer]"
    ]


def test_a_text_is_searched_for_positions_once_for_all_its_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    composed = []
    compose = yaml_nodes.compose

    def counted(text: str) -> Node | None:
        composed.append(text)
        return compose(text)

    monkeypatch.setattr(yaml_nodes, "compose", counted)
    positions = [record.position_of(()) for record in records('[{"a": 1},\n{"a": 2}]')]
    assert positions == [(1, 2), (2, 1)]
    assert len(composed) == 1
