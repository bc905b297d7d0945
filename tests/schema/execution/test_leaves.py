"""Scalars and enums: what is passed through, what is converted, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("String", ["a", 1, True, 1.5], ["a", "1", "true", "1.5"]),
        ("ID", ["a", 7], ["a", "7"]),
        ("Int", [1, 2**31 - 1, -(2**31), 2.0, True, "3"], [1, 2**31 - 1, -(2**31), 2, 1, 3]),
        ("Float", [1.5, 2, "2.5"], [1.5, 2.0, 2.5]),
        ("Boolean", [True, 0, 1.0], [True, False, True]),
        ("Colour", ["RED", "BLUE"], ["RED", "BLUE"]),
    ],
)
def test_leaves_are_serialised(
    ask: Ask, type_: str, values: list[Any], expected: list[Any]
) -> None:
    sdl = f"type Query {{ values: [{type_}] }} enum Colour {{ RED BLUE }}"
    assert ask(sdl, "{ values }", {"values": values}) == {"data": {"values": expected}}


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("Int", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648"),
        ("Int", -(2**31) - 1, "Int cannot represent non 32-bit signed integer value: -2147483649"),
        ("Int", "x", "Int cannot represent non-integer value: 'x'"),
        ("String", [], "String cannot represent value: []"),
        ("Boolean", "true", "Boolean cannot represent a non boolean value: 'true'"),
        ("Colour", "GREEN", "Enum 'Colour' cannot represent value: 'GREEN'"),
    ],
)
def test_a_wrong_leaf_is_null_and_an_error_and_its_neighbours_stand(
    ask: Ask, type_: str, value: Any, message: str
) -> None:
    right = {"Int": 1, "String": "a", "Boolean": True, "Colour": "RED"}[type_]
    sdl = f"type Query {{ values: [{type_}] }} enum Colour {{ RED BLUE }}"
    answer = ask(sdl, "{ values }", {"values": [right, value, None, right]})
    assert answer["data"] == {"values": [right, None, None, right]}
    assert [(e["message"], e["path"]) for e in answer["errors"]] == [(message, ["values", 1])]
