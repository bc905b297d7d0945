"""Dates as people and programs write them; all become UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

# RFC 3339 and what is nearly it: one-digit parts, slashes or dots, a space before the offset.
_NUMERIC = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(?:([Zz]|UTC|GMT)|([+-])(\d{1,2}):?(\d{2})?)?)?",
)
_SPELLED = (
    "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y",
    "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%B %d, %Y %H:%M", "%b %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%a, %d %b %Y", "%a %b %d %H:%M:%S %Y",
)  # fmt: skip


def parse_date(text: str) -> datetime:
    """Give the instant that `text` names, in UTC; a date without an offset is UTC already.

    Accepted: RFC 3339 in all its near forms (`2018-11-20 16:33:00 +0100`, `2018-11-20`), mail
    dates (RFC 5322), and English month names. A time of 24:00 or a 60th second is refused, and so
    is `01/02/2020`, which two halves of the world read differently.

    Raises ValueError, with a sentence, for anything else and for days that no calendar has.
    """
    text = text.strip()
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match)
    if "," in text or text[-5:-4] in ("+", "-"):
        try:
            return _utc(parsedate_to_datetime(text))
        except (ValueError, TypeError, OverflowError):
            pass
    plain = " ".join(text.split())
    for spelling in _SPELLED:
        try:
            return datetime.strptime(plain, spelling).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError("is not a date; write 2020-02-05T16:08:00Z")


def _numeric(match: re.Match[str]) -> datetime:
    year, _, month, day, hour, minute, second, fraction, _, sign, offset_h, offset_min = (
        match.groups()
    )
    try:
        naive = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
        if fraction:
            naive += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
        offset = timedelta(hours=int(offset_h or 0), minutes=int(offset_min or 0))
        return _utc(naive.replace(tzinfo=timezone(-offset if sign == "-" else offset)))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is no date that exists ({error})") from None


def _utc(date: datetime) -> datetime:
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def to_date(value: Any) -> datetime:
    """Give the date that a field's value means: text, or an int of seconds since 1970."""
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise ValueError("is not a date; write 2020-02-05T16:08:00Z")
