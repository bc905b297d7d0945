"""Files that `newsgraph export` wrote: they say all of an item, and nothing is guessed.

Such a file has the key `newsgraph`, a mapping with what is not a field: the format's number, the
item's `extra` and, where these do not follow from the file, its id and its body.
"""

import re
from typing import Any, Final, NamedTuple

from loaders.source_mapping import SourceMapping
from loaders.values import Value, ValueMapping

MARK: Final = "newsgraph"
FORMAT: Final = 1

_ITEM_ID: Final = re.compile(r"item:[a-z2-7]{16}")


class Mark(NamedTuple):
    """What a file says under the key `newsgraph`."""

    id: str | None
    extra: ValueMapping
    body: str | None


def mark_of(extra: Value, **others: str | None) -> dict[str, Any]:
    """Return what to write under the key `newsgraph`; `others` that are None are left out."""
    mark: dict[str, Any] = {"format": FORMAT}
    mark |= {key: value for key, value in others.items() if value is not None}
    return mark | ({"extra": extra} if extra else {})


def take_mark(source: SourceMapping) -> Mark | None:
    """Take the mark of an exported file out of a mapping; None if it is another file."""
    mark = source.data.get(MARK)
    if not isinstance(mark, dict) or mark.get("format") != FORMAT:
        return None
    del source.data[MARK]
    id_, extra, body = mark.get("id"), mark.get("extra"), mark.get("body")
    return Mark(
        id_ if isinstance(id_, str) and _ITEM_ID.fullmatch(id_) else None,
        extra if isinstance(extra, dict) else {},
        body if isinstance(body, str) else None,
    )
