"""The counts of a load, and how they are printed."""

import pytest

from loaders.report import Report, counted
from store.writing.batch import Outcome


def test_outcomes_add_up() -> None:
    report = Report(inserted=1, unchanged=5)

    report.add(Outcome(inserted=2, updated=3, superseded=4))
    report.add(Outcome(unchanged=1, pruned=6))

    assert report == Report(inserted=3, updated=3, unchanged=6, superseded=4, pruned=6)


def test_the_summary_has_all_counts() -> None:
    report = Report(839, 832, 0, 0, 3, 0, 4, 0, 2, 1.2345, refused=True)
    report.untaken.add(["Title"])

    assert str(report) == (
        "839 files: 832 inserted, 0 updated, 0 unchanged, 3 superseded, 0 pruned, 4 skipped, "
        "0 failed, 2 warnings in 1.2 s"
    )
    assert report.check_summary == (
        "839 files: 832 documents, 4 skipped, 0 failed, 2 warnings in 1.2 s"
    )
    assert report.as_dict() == {
        "files": 839, "inserted": 832, "updated": 0, "unchanged": 0, "superseded": 3, "pruned": 0,
        "skipped": 4, "failed": 0, "warnings": 2, "seconds": 1.234,
        "untaken": [{"key": "Title", "files": 1, "suggestion": "title"}],
        "roots": [],
        "corpus": {},
    }  # fmt: skip


def test_the_summary_ends_with_what_the_database_holds() -> None:
    report = Report(corpus={"items": 90, "topics": 27, "providers": 1})

    assert str(report).endswith("in 0.0 s; now 90 items, 27 topics, 1 provider")
    assert report.as_dict()["corpus"] == report.corpus


@pytest.mark.parametrize(("number", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_a_noun_follows_its_number(number: int, text: str) -> None:
    assert counted(number, "file") == text
