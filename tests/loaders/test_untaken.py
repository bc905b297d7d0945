"""The keys that no field took: counts, guesses, and bounds."""

import pytest

from loaders.untaken import MAX_KEYS, MAX_LENGTH, UntakenKeys, suggestion_for


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("publishedDatetime", "publishedDateTime"),
        ("published_date_time", "publishedDateTime"),
        ("Title", "title"),
        ("weburl", "webUrl"),
        ("topic", "topics"),
        ("excerp", "excerpt"),
        ("Date", "date"),
        ("heroimage", "heroImage"),
        ("provider.Domain", "domain"),
        ("summary", None),
        ("price", None),
        ("x", None),
    ],
)
def test_a_key_that_is_nearly_a_fields_is_guessed(key: str, suggestion: str | None) -> None:
    assert suggestion_for(key) == suggestion


def test_keys_are_listed_by_the_number_of_their_files() -> None:
    keys = UntakenKeys()
    for _ in range(3):
        keys.add(["price", "Title"])
    keys.add(["price"])
    for number in range(30):
        keys.add([f"x{number:02}"])

    lines = list(keys.lines())

    assert lines[1:4] == [
        "  price: 4 files", "  Title: 3 files; did you mean title?", "  x00: 1 file",
    ]  # fmt: skip
    assert (len(lines), lines[-1]) == (22, "  … and 12 more")


def test_nothing_is_printed_if_there_is_nothing() -> None:
    assert list(UntakenKeys().lines()) == []


def test_keys_are_bounded_in_number_and_length() -> None:
    keys = UntakenKeys()
    keys.add(f"{number}{'x' * 1000}" for number in range(2 * MAX_KEYS))

    found = list(keys)
    assert len(found) == MAX_KEYS
    assert {len(key.key) for key in found} == {MAX_LENGTH}
    assert list(keys.lines())[-1] == f"  … and at least {MAX_KEYS - 20} more"


def test_a_key_cannot_break_a_line() -> None:
    keys = UntakenKeys()
    keys.add(["a\nb\x1b"])

    assert list(keys.lines())[1] == r"  a\nb\x1b: 1 file"
