"""The status of an item at a time, and when it changes: always at the stored time, never before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.schedule import State, Status, as_in_file, scheduled, state_at, with_state

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
_offsets = st.none() | st.integers(-3, 3)


def _item(start: int | None, end: int | None, *, published: bool = True) -> dict[str, Any]:
    """Return an item with a date and an end, so many seconds after noon."""
    item: dict[str, Any] = {"published": published, "labels": ["*"]}
    if start is not None:
        item["publishedDateTime"] = NOON + start * SECOND
    if end is not None:
        item["unpublishDateTime"] = NOON + end * SECOND
    return item


@pytest.mark.parametrize(
    ("start", "end", "status", "turns"),
    [
        (None, None, Status.PUBLISHED, None),
        (0, None, Status.PUBLISHED, None),
        (1, None, Status.SCHEDULED, 1),
        (1, 2, Status.SCHEDULED, 1),
        (2, 1, Status.SCHEDULED, 1),
        (-1, 1, Status.PUBLISHED, 1),
        (None, 1, Status.PUBLISHED, 1),
        (-2, 0, Status.EXPIRED, None),
        (1, 0, Status.EXPIRED, None),
    ],
)
def test_statuses(start: int | None, end: int | None, status: Status, turns: int | None) -> None:
    turns_at = None if turns is None else NOON + turns * SECOND
    assert state_at(_item(start, end), NOON) == State(status, turns_at)


def test_the_future_can_be_shown_but_the_end_counts() -> None:
    shown = state_at(_item(1, 2), NOON, shows_future=True)
    assert shown == State(Status.PUBLISHED, NOON + 2 * SECOND)
    assert state_at(_item(1, 0), NOON, shows_future=True) == State(Status.EXPIRED)


@given(_offsets, _offsets, st.booleans())
def test_turning_at_the_stored_times_is_as_looking_all_the_time(
    start: int | None, end: int | None, shows_future: bool
) -> None:
    item = _item(start, end)
    status, turns_at = state_at(item, NOON - 4 * SECOND, shows_future=shows_future)
    for step in range(-8, 9):
        now = NOON + step * SECOND / 2
        if turns_at is not None and turns_at <= now:
            status, turns_at = state_at(item, now, shows_future=shows_future)
        assert status is state_at(item, now, shows_future=shows_future).status


def test_what_is_stored() -> None:
    assert scheduled(_item(0, None), NOON) == _item(0, None)
    later = scheduled(_item(1, None), NOON)
    assert later == _item(1, None) | {
        "published": False,
        "status": "scheduled",
        "labels": ["*", "status:scheduled"],
        "turnsAt": NOON + SECOND,
    }
    assert with_state(later, state_at(later, NOON + SECOND)) == _item(1, None)
    draft = scheduled(_item(1, 2, published=False), NOON)
    assert (draft["published"], draft["status"], draft.get("turnsAt")) == (False, "draft", None)


@given(_offsets, _offsets, st.booleans())
def test_what_a_file_says_comes_back(start: int | None, end: int | None, published: bool) -> None:
    item = _item(start, end, published=published)
    assert as_in_file(scheduled(item, NOON)) == item
