"""Rows are made of columns by generated code, which no key can break out of."""

import pytest

from schema.execution.rows import row_maker


def test_rows_have_the_values_of_columns_under_their_keys() -> None:
    make = row_maker(("a", "b"))
    assert make([0, 0], [[1, 2], ["x", None]]) == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    assert row_maker(("a",))([0], [[1]]) == [{"a": 1}]


def test_without_columns_there_is_an_empty_row_for_each_object() -> None:
    assert row_maker(())([0, 0], []) == [{}, {}]


@pytest.mark.parametrize("key", ["'", '"', "\\", "'}] or print(1)", "\n", "v0", "zip"])
def test_any_key_is_taken_literally(key: str) -> None:
    assert row_maker((key, "b"))([0], [[1], [2]]) == [{key: 1, "b": 2}]
