"""Diagnostics as lines and as JSON, positions, and names of fields."""

import pytest

from loaders.diagnostics import (
    BadInput,
    Diagnostic,
    FieldPath,
    Position,
    Problem,
    Severity,
    escaped,
    field_name,
    position_at,
    quoted,
)

PROBLEM = Problem(3, 7, "heat", "'hot' is not a whole number", "integer")


def test_a_diagnostic_is_a_line_as_compilers_print_it() -> None:
    line = str(Diagnostic.at("_news/a.md", PROBLEM))

    assert line == "_news/a.md:3:7: error: heat: 'hot' is not a whole number [integer]"


def test_a_warning_says_so() -> None:
    line = str(Diagnostic.at("a.md", PROBLEM._replace(severity=Severity.WARNING)))

    assert line == "a.md:3:7: warning: heat: 'hot' is not a whole number [integer]"


def test_a_diagnostic_never_breaks_its_line() -> None:
    line = str(Diagnostic("a\n.md", 1, 1, "x\ry", "\x1b[31mred\udcff", "shape"))

    assert line == r"a\n.md:1:1: error: x\ry: \x1b[31mred\udcff [shape]"


def test_a_diagnostic_as_json_has_its_parts() -> None:
    assert Diagnostic.at("a\udcff.md", PROBLEM).as_dict() == {
        "path": r"a\udcff.md",
        "line": 3,
        "column": 7,
        "field": "heat",
        "message": "'hot' is not a whole number",
        "code": "integer",
        "severity": "error",
    }


def test_problems_of_a_part_move_down_to_its_lines_in_the_file() -> None:
    error = BadInput(PROBLEM, PROBLEM._replace(line=1)).moved_down(10)

    assert [problem.line for problem in error.problems] == [13, 11]


@pytest.mark.parametrize(
    ("offset", "position"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1))]
)
def test_positions_count_from_1(offset: int, position: Position) -> None:
    assert position_at("éa\n\nb", offset) == position


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("title",), "title"),
        (("related", 0, "images", 1, "width"), "related[0].images[1].width"),
        ((2, "title"), "[2].title"),
    ],
)
def test_fields_are_named_as_people_write_them(path: FieldPath, name: str) -> None:
    assert field_name(path) == name


def test_long_values_are_cut_before_they_are_quoted() -> None:
    assert quoted("it's") == '"it\'s"'
    assert quoted(5) == "'5'"
    assert quoted("x" * 60) == f"'{'x' * 60}'"
    assert quoted("x" * 61) == f"'{'x' * 59}…'"


def test_readable_characters_of_all_scripts_stay() -> None:
    assert escaped("naïve 日本語 😀") == "naïve 日本語 😀"
