"""Values and positions of YAML, through libyaml.

Covers `yaml_nodes`, `yaml_text`, `known_keys` and `values` too.
"""

import pytest

from loaders.diagnostics import BadInput
from loaders.known_keys import ITEM
from loaders.yaml_nodes import compose, position_of
from loaders.yaml_text import YamlText
from loaders.yaml_values import construct


def _value(text: str, *, known: bool) -> object:
    root = compose(text)
    assert root is not None
    return construct(root, ITEM if known else None)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("word", "word"), ("'5'", "5"), ("5", 5), ("-5", -5), ("0x1F", 31), ("010", 8),
        ("10:00", 600), ("1_000", 1000), ("4.5", 4.5), ("1e3", "1e3"), ("1.0e+3", 1000.0),
        ("NO", False), ("on", True), ("~", None), ("", None), ("null", None), ("=", "="),
        ("2020-01-01", "2020-01-01"), ("2020-02-05T16:08:00Z", "2020-02-05T16:08:00Z"),
        ("!!str 5", "5"), ("!!int '5'", 5), ("!!int word", "word"), ("!!float 5", 5.0),
        ("0b", "0b"), ("[1, ~]", [1, None]), ("{a: 1}", {"a": 1}),
        ("9223372036854775807", 2**63 - 1),
    ],
)  # fmt: skip
def test_unknown_keys_get_the_types_of_yaml(written: str, value: object) -> None:
    assert _value(f"x: {written}", known=False) == {"x": value}
    assert _value(f"x: {written}", known=True) == {"x": value}


@pytest.mark.parametrize("written", ["5", "NO", "10:00", "2020-01-01", "1.50"])
def test_known_keys_keep_their_text(written: str) -> None:
    assert _value(f"title: {written}", known=True) == {"title": written}
    assert _value(f"tags: [{written}]", known=True) == {"tags": [written]}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_known_keys_without_a_value_are_absent(written: str) -> None:
    assert _value(f"title: {written}\ntags: [a, {written or '~'}]", known=True) == {"tags": ["a"]}
    assert _value("title: ''", known=True) == {"title": ""}


def test_a_merged_mapping_keeps_the_text_of_known_keys() -> None:
    value = _value("a: &a {title: NO, heat: }\n<<: *a\n", known=True)

    assert value == {"a": {"title": False, "heat": None}, "title": "NO"}


def test_merge_keys_add_what_a_mapping_does_not_have() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: *a, y: 3}\nd: {<<: [*a, *b]}\n"

    value = _value(text, known=False)

    assert isinstance(value, dict)
    assert value["c"] == {"x": 1, "y": 3}
    assert value["d"] == {"x": 1, "y": 1, "z": 2}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3", 3, "is a duplicate key; keep one of them"),
        ("title:\ntitle: A", 2, "is a duplicate key; keep one of them"),
        ("title: A\ntitle:", 2, "is a duplicate key; keep one of them"),
        ("x: {<<: 5}", 1, "the merge key << takes mappings only"),
        ("x: !local 5", 1, "the tag '!local' is not supported; write plain values"),
        ("x: !!binary aGk=", 1, "the tag '!!binary' is not supported; write plain values"),
        ("x: .inf", 1, ".inf is not a finite number, which JSON cannot hold; quote it"),
        ("x: 9223372036854775808", 1, "'9223372036854775808' does not fit in 64 bits; quote it"),
        ("x: 1" + ":00" * 20, 1, f"'1{':00' * 19}:…' does not fit in 64 bits; quote it"),
        ("? {a: b}\n: c", 1, "a key must be text, not a list or a mapping"),
        ("a: b: c", 1, "mapping values are not allowed in this context; quote a value that "
         "contains a colon followed by a space"),
        ("x: @a", 1, "while scanning for the next token, found character that cannot start any "
         "token; indent with spaces, and quote a value that begins with @, ` or %"),
        ("a\x07", 1, "contains a control character; remove it, or escape it in double quotes"),
        ("a: 1\n---\nb: 2", 2, "expected a single document in the stream, but found another "
         "document; write each item into a file of its own"),
        ("a: 'b\nc: d\n", 1, "while scanning a quoted scalar, found unexpected end of stream; "
         "close the quote"),
        ("a: [b\nc: d\n", 1, "while parsing a flow sequence, did not find expected ',' or ']'; "
         "write commas between the entries of a list, and ] after the last one"),
        ("a: {b: c\n", 1, "while parsing a flow mapping, did not find expected ',' or '}'; "
         "write commas between the keys of a mapping, and } after the last one"),
        ("a: *b", 1, "found undefined alias; quote a value that begins with *"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(text: str, line: int, message: str) -> None:
    with pytest.raises(BadInput) as raised:
        YamlText(text).value(ITEM)

    (problem,) = raised.value.problems
    assert (problem.line, problem.message) == (line, message)


def test_an_empty_text_is_an_empty_mapping() -> None:
    for text in ("", "\n", "# only a comment\n"):
        assert YamlText(text).value(ITEM) == {}
        assert YamlText(text).position_of(("title",)) == (1, 1)


def test_the_raw_value_of_a_known_key_has_its_yaml_type() -> None:
    text = YamlText("title: NO\nheat: 5\n")

    assert text.value(ITEM) == {"title": "NO", "heat": "5"}
    assert (text.raw_value("title"), text.raw_value("heat")) == (False, 5)


def test_positions_are_those_of_the_nearest_value() -> None:
    root = compose("title: A\nimages:\n  - url: /a.png\n    width: 5\n")

    assert position_of(root, ()) == (1, 1)
    assert position_of(root, ("title",)) == (1, 8)
    assert position_of(root, ("images", 0, "width")) == (4, 12)
    assert position_of(root, ("images", 0, "height")) == (3, 5)
    assert position_of(root, ("images", 5)) == (3, 3)
    assert position_of(root, ("title", "x", 5)) == (1, 8)


def test_a_problem_inside_a_key_names_the_mapping_that_has_it() -> None:
    with pytest.raises(BadInput) as raised:
        YamlText("x:\n  y:\n    ? [a]\n    : b\n").value(ITEM)

    assert raised.value.problems[0].field == "x.y"


def test_aliases_are_followed_when_a_field_is_named() -> None:
    with pytest.raises(BadInput) as raised:
        YamlText("x: &x [1, 2]\ny: [a, {z: !local 5}, *x, *x]\n").value(ITEM)

    assert raised.value.problems[0].field == "y[1].z"


def test_a_problem_of_the_whole_text_names_yaml() -> None:
    with pytest.raises(BadInput) as raised:
        YamlText("!local {x: [1, 2]}\n").value(ITEM)

    assert raised.value.problems[0].field == "YAML"
