"""Dates as people and programs write them; all become UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# RFC 3339 and near it: one-digit parts, slashes or dots, a space before the offset.
_NUMERIC = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(?:[Zz]|UTC|GMT|([+-])(\d{1,2}):?(\d{2})?)?)?",
)
_SPELLED = (
    "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y",
    "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%B %d, %Y %H:%M", "%b %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%a, %d %b %Y", "%a %b %d %H:%M:%S %Y",
    "%B %d, %Y, %I:%M %p", "%b %d, %Y, %I:%M %p", "%B %d, %Y, %H:%M", "%b %d, %Y, %H:%M",
    "%A, %B %d, %Y", "%a, %b %d, %Y", "%a %b %d %Y", "%a %b %d %Y %H:%M:%S GMT%z",
)  # fmt: skip
# The parser of mail dates takes the years 0 to 99 for two digits of a year of our time.
_SMALL_YEAR = re.compile(r"(?<![\d:+-])00\d\d(?![\d:])")
_NOT_A_DATE = "is not a date; write it like 2020-02-05T16:08:00Z or 2020-02-05"


def to_date(value: object) -> datetime:
    """Convert a field's value, text or a number of seconds since 1970. Raises ValueError."""
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise ValueError(_NOT_A_DATE)


def parse_date(text: str) -> datetime:
    """Return the time that a text names, in UTC. Without an offset it is taken to be in UTC.

    Accepts RFC 3339 and near forms (`2018-11-20 16:33:00 +0100`, `2018-11-20`), the dates of mails
    (RFC 5322), and English names of months. Refuses 24:00, leap seconds, and `01/02/2020`, which
    is in January for some readers and in February for others.

    Raises ValueError for anything else; its message continues a sentence that begins with the text.
    """
    text = text.strip()
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match)
    # The parser of mail dates ignores AM and PM.
    if ("," in text or text[-5:-4] in ("+", "-")) and text[-2:].upper() not in ("AM", "PM"):
        try:
            return _mail_date(text)
        except (ValueError, TypeError, OverflowError):
            pass
    plain = " ".join(text.split())
    for spelling in _SPELLED:
        try:
            return datetime.strptime(plain, spelling).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(_NOT_A_DATE)


def _mail_date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    if year := _SMALL_YEAR.search(text):
        date = date.replace(year=int(year[0]))
    return _utc(date)


def _numeric(match: re.Match[str]) -> datetime:
    year, _, month, day, hour, minute, second, fraction, sign, offset_hours, offset_minutes = (
        match.groups("0")
    )
    microsecond = fraction[:6].ljust(6, "0")
    try:
        naive = datetime(
            int(year), int(month), int(day),
            int(hour), int(minute), int(second), int(microsecond),
        )  # fmt: skip
        offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
        return _utc(naive.replace(tzinfo=timezone(-offset if sign == "-" else offset)))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is not a valid date ({error})") from None


def _utc(date: datetime) -> datetime:
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
