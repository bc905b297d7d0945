"""Files with very many problems: all are counted, and only the first are kept and shown."""

import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostic, Problem, Severity
from loaders.load import check
from loaders.options import Options
from loaders.problems import MAX_SHOWN, Problems
from loaders.read import SourceFile, read_file

BAD = '{"title": }\n'
WARNED = '{"title": "A", "webUrl": "https://a.example/%d", "heat": "hot"}\n'


def _checked(path: Path | str) -> tuple[list[Diagnostic], dict[str, object]]:
    found: list[Diagnostic] = []
    report = check([str(path)], Options(jobs=1, on_diagnostic=found.append))
    return found, report.as_dict()


def test_the_first_errors_of_a_file_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(BAD * 5_000)
    found, counts = _checked(tmp_path)
    assert [one.line for one in found] == [*range(1, MAX_SHOWN + 1), 1]
    assert str(found[-1]) == (
        f"{tmp_path}/a.jsonl:1:1: error: file: has 4,900 more problems; the first 100 are shown "
        "[more]"
    )
    assert counts["failed"] == 1


def test_a_hundred_errors_are_all_shown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(BAD * MAX_SHOWN)
    assert [one.code for one in _checked(tmp_path)[0]] == ["json"] * MAX_SHOWN


def test_all_warnings_count_and_an_error_after_them_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(WARNED % n for n in range(300)) + BAD)
    found, counts = _checked(tmp_path)
    assert (counts["warnings"], counts["failed"], counts["inserted"]) == (300, 1, 300)
    assert [one.line for one in found if one.severity is Severity.ERROR] == [301, 1]
    assert "201 more problems" in found[-1].message


def test_the_problems_of_a_stream_are_those_of_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    good = json.dumps({"title": "A", "path": "a.md"}) + "\n"
    stream = io.TextIOWrapper(io.BytesIO((good + BAD * 3_000).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    found, _ = _checked("-")
    assert len(found) == MAX_SHOWN + 1
    assert "2,900 more problems" in found[-1].message


def test_what_is_kept_of_a_file_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(BAD * 20_000)
    result = read_file(SourceFile(str(tmp_path), "a.jsonl"), 2**20)
    assert (len(result.diagnostics), result.errors) == (MAX_SHOWN, 20_000)


@given(st.integers(0, 450), st.integers())
def test_the_kept_problems_are_the_first_errors_and_then_warnings(count: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    problems = [
        Problem(chance.randrange(99), 1, "heat", "", "shape", chance.choice(list(Severity)))
        for _ in range(count)
    ]
    collected = Problems()
    collected.extend(problems)
    errors_first = sorted(problems, key=lambda one: (one.severity, one))
    assert list(collected) == sorted(errors_first[:MAX_SHOWN])
    assert collected.errors + collected.warnings == count
