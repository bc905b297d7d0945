"""TOML: values, dates as text, positions, and what is refused."""

import time

import pytest

from loaders.diagnostics import BadInput
from loaders.toml_text import TomlText

TEXT = """\
title = "One"
date = 2021-09-27T10:00:00-07:00
day = 2021-09-27
at = 07:32:00
tags = ["a", 5, true, 1.5]

[extra]
image = { url = "/a.png", width = "big" }
"quoted key" = 1

[[extra.links]]
name = "x"
"""


def test_values_have_the_types_of_toml_and_dates_are_text() -> None:
    text = TomlText(TEXT)

    assert text.value({}) == {
        "title": "One",
        "date": "2021-09-27T10:00:00-07:00",
        "day": "2021-09-27",
        "at": "07:32:00",
        "tags": ["a", 5, True, 1.5],
        "extra": {
            "image": {"url": "/a.png", "width": "big"},
            "quoted key": 1,
            "links": [{"name": "x"}],
        },
    }
    assert text.raw_value("day") == "2021-09-27"
    assert text.raw_value("none") is None


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("title",), (1, 9)),
        (("tags", 1), (5, 8)),
        (("extra",), (7, 1)),
        (("extra", "image"), (8, 9)),
        (("extra", "quoted key"), (9, 16)),
        (("extra", "links", 0, "name"), (12, 8)),
        (("nothing",), (1, 1)),
        (("extra", "nothing"), (7, 1)),
    ],
)
def test_a_value_has_the_position_of_its_key(
    path: tuple[str | int, ...], position: tuple[int, int]
) -> None:
    assert TomlText(TEXT).position_of(path) == position


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = \n", (1, 5, "invalid value; write text in double quotes", "toml")),
        ("a = 1\na = 2\n", (2, 6, "cannot overwrite a value", "toml")),
        ("a = 2024-02-30\n", (1, 5, "invalid date or datetime", "toml")),
        ('a = "', (1, 6, "unterminated string", "toml")),
        ("a = inf", (1, 5, "inf is not a finite number, which JSON cannot hold; quote it",
                     "not-finite")),
        (f"a = {2**63}", (1, 5, f"'{2**63}' does not fit in 64 bits; quote it", "integer-range")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_a_position(text: str, problem: tuple[object, ...]) -> None:
    with pytest.raises(BadInput) as raised:
        TomlText(text).value({})

    (found,) = raised.value.problems
    assert (found.line, found.column, found.message, found.code) == problem


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        '"a"' + " . 'a'" * 100_000 + " = 1",
        "[a" + ".a" * 100_000 + "]",
        "a = " + "[" * 100_000,
        "a = " + "{a = " * 100_000,
        "[a" + ".a" * 60 + "]\nb" + ".a" * 60 + " = 1",
    ],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    started = time.process_time()

    with pytest.raises(BadInput) as raised:
        TomlText(text).value({})

    assert raised.value.problems[0].code == "nesting"
    assert time.process_time() - started < 2


def test_a_long_text_with_dots_is_not_a_long_key() -> None:
    assert TomlText(f'a = "{"." * 1000} {"a. " * 1000}"').value({})
