"""When the public may see an item: its status at a time, and the time at which that changes.

Queries never compare the clock: they go by `published`, which is stored as of the last write. What
will change has a `turnsAt`, and `store.writing.clock` changes it when that time comes.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple


class Status(StrEnum):
    """What an item is to the public. Documents of published items have none."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The label of the items with this status, unless that is PUBLISHED."""
        return f"status:{self}"


_LABELS: Final = frozenset(status.label for status in Status)


class State(NamedTuple):
    """The status of an item, and the time (UTC) at which it changes, if it does."""

    status: Status
    turns_at: datetime | None = None


def state_at(item: Mapping[str, Any], now: datetime, *, shows_future: bool = False) -> State:
    """Return the state at a time of an item that its file does not unpublish.

    With `shows_future`, an item does not wait for its `publishedDateTime`.
    """
    end: datetime | None = item.get("unpublishDateTime")
    if end is not None and end <= now:
        return State(Status.EXPIRED)
    start: datetime | None = None if shows_future else item.get("publishedDateTime")
    if start is not None and start > now:
        return State(Status.SCHEDULED, min(start, end or start))
    return State(Status.PUBLISHED, end)


def with_state(item: Mapping[str, Any], state: State) -> dict[str, Any]:
    """Return an item's document with the keys that follow from its state."""
    status, turns_at = state
    changed = {key: value for key, value in item.items() if key not in ("status", "turnsAt")}
    changed["published"] = status is Status.PUBLISHED
    changed["labels"] = [label for label in item["labels"] if label not in _LABELS]
    if status is not Status.PUBLISHED:
        changed["status"] = status.value
        changed["labels"].append(status.label)
    if turns_at is not None:
        changed["turnsAt"] = turns_at
    return changed


def scheduled(item: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Return the document to store at a time, of an item as its file has it."""
    if not item["published"]:
        return with_state(item, State(Status.DRAFT))
    state = state_at(item, now)
    return item if state == (Status.PUBLISHED, None) else with_state(item, state)


def as_in_file(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's document without what follows from the time: as its file has it."""
    is_draft = not item["published"] and item.get("status", Status.DRAFT) == Status.DRAFT
    released = with_state(item, State(Status.PUBLISHED))
    released["published"] = not is_draft
    return released
