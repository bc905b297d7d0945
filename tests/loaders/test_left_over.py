"""What is left of a mapping is kept once, with the types of its format."""

from loaders.diagnostics import BadInput, Problem
from loaders.left_over import LeftOver
from loaders.values import Value, ValueMapping

RAW: ValueMapping = {"heat": 7, "params": {"a": 1, "b": 2, "mood": True}}


def _raw(key: str) -> Value:
    if key not in RAW:
        raise BadInput(Problem(1, 1, key, "is too large", "integer-range"))
    return RAW[key]


def test_values_have_the_types_of_their_format_or_stay_text() -> None:
    left_over = LeftOver(_raw)
    left_over.keep(("heat",), "7")
    left_over.keep(("odd",), "99999999999999999999")
    assert left_over.extra == {"heat": 7, "odd": "99999999999999999999"}
    assert [*left_over.untaken()] == [("heat",), ("odd",)]


def test_parts_of_a_table_are_merged() -> None:
    left_over, other = LeftOver(_raw), LeftOver(_raw)
    left_over.keep(("params", "a"), "1", is_read=True)
    other.keep(("params", "b"), "2", is_read=True)
    left_over.merge(other)
    left_over.add("params", left_over.typed("params", {"mood": "yes"}))
    assert left_over.extra == {"params": RAW["params"]}
    assert [*left_over.untaken()] == [("params", "mood")]


def test_what_a_field_has_read_is_kept_only_once() -> None:
    left_over = LeftOver(_raw)
    left_over.keep(("odd",), "all", is_read=True)
    left_over.keep(("odd",), "a part of it", is_read=True)
    assert left_over.extra == {"odd": "all"}
    assert [*left_over.untaken()] == []
