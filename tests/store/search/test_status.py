"""The status of a follower: what is written is read, and anything else is nothing."""

from pathlib import Path

import pytest

from store.search.status import Activity, FollowerStatus


@pytest.mark.parametrize(
    ("status", "progress", "phrase"),
    [
        (FollowerStatus(), 0, "is being opened"),
        (FollowerStatus(Activity.BUILDING, total=400), 0, "is being built: 0% of 400 items"),
        (
            FollowerStatus(Activity.BUILDING, done=100, total=400),
            0.25,
            "is being built: 25% of 400 items",
        ),
        (
            FollowerStatus(Activity.BUILDING, done=400, total=400),
            0.99,  # the commit is still to come
            "is being built: 99% of 400 items",
        ),
        (FollowerStatus(Activity.FOLLOWING, 7), 1, "has version 7 of the corpus"),
        (FollowerStatus(Activity.WAITING, problem="No “disk”."), 0, "waits: No “disk”."),
    ],
)
def test_a_status_is_read_as_it_was_written(
    tmp_path: Path, status: FollowerStatus, progress: float, phrase: str
) -> None:
    path = tmp_path / "status.json"
    status.write(path)
    assert FollowerStatus.read(path) == status
    assert (status.progress, str(status)) == (progress, phrase)
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"activity": "singing"}', '{"activity": "building", "x": 1}']
)
def test_what_makes_no_sense_is_no_status(tmp_path: Path, content: str) -> None:
    path = tmp_path / "status.json"
    assert FollowerStatus.read(path) is None
    path.write_text(content)
    assert FollowerStatus.read(path) is None
