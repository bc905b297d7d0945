"""Dates in all their spellings."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.dates import parse_date, to_date

FOUR_OCLOCK = datetime(2020, 2, 5, 16, 8, tzinfo=UTC)
MIDNIGHT = datetime(2020, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-05T16:08:00Z",
        "2020-02-05t16:08:00z",
        "2020-02-05T16:08:00+00:00",
        "2020-02-05T17:08:00+01:00",
        "2020-02-05T17:08:00+0100",
        "2020-02-05T17:08:00 +01",
        "2020-02-05T06:38:00-09:30",
        "2020-02-06T01:08+9:00",
        "2020-02-05T16:08",
        "2020-02-05 16:08:00",
        "2020-02-05  16:08:00 UTC",
        "2020-02-05 16:08 GMT",
        "2020-2-5 16:08",
        "2020/02/05 16:08",
        "2020.02.05 16:08",
        " 2020-02-05T16:08:00Z\n",
        "Wed, 05 Feb 2020 16:08:00 GMT",
        "Wed, 5 Feb 2020 17:08:00 +0100",
        "5 Feb 2020 17:08:00 +0100",
        "5 February 2020 16:08",
        "5 Feb 2020 16:08",
        "February 5, 2020 16:08",
        "Feb 5, 2020 04:08 PM",
        "February 5, 2020 4:08 pm",
        "Wed Feb  5 16:08:00 2020",
    ],
)
def test_a_time_is_read_as_utc(text: str) -> None:
    assert parse_date(text) == FOUR_OCLOCK
    assert parse_date(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-05",
        "2020/2/5",
        "2020.2.5",
        "5 February 2020",
        "5 Feb 2020",
        "February 5, 2020",
        "Feb 5, 2020",
        "February 5 2020",
        "Feb  5  2020",
        "Wed, 5 Feb 2020",
    ],
)
def test_a_day_is_read_as_its_midnight_in_utc(text: str) -> None:
    assert parse_date(text) == MIDNIGHT


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Mon, 01 Jan 0001 00:00:00 GMT", 1),
        ("Mon, 01 Jan 0001 00:00:00 +0000", 1),
        ("01 Jan 0001 00:00:00 -0000", 1),
        ("Mon, 01 Jan 0099 00:00:00 GMT", 99),
        ("Mon, 01 Jan 0100 00:00:00 GMT", 100),
        ("Mon, 01 Jan 20 00:00:00 GMT", 2020),  # RFC 5322, section 4.3
        ("Mon, 01 Jan 1990 00:00:00 +0030", 1989),
    ],
)
def test_a_year_of_four_digits_in_a_mail_date_is_taken_as_written(text: str, year: int) -> None:
    assert parse_date(text).year == year


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2020-02-05T16:08:00.5Z", 500_000),
        ("2020-02-05T16:08:00,25Z", 250_000),
        ("2020-02-05T16:08:00.123456789Z", 123_456),
    ],
)
def test_a_fraction_of_a_second_is_kept_to_the_microsecond(text: str, microsecond: int) -> None:
    assert parse_date(text) == FOUR_OCLOCK.replace(microsecond=microsecond)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2020",
        "2020-02",
        "01/02/2020",  # 2 January or 1 February
        "5.2.2020",
        "2020-02/05",
        "2020-02-05T16",
        "2020-02-05T16:8",
        "5 Fevrier 2020",
        "Wed, 35 Feb 2020 16:08:00 +0000",
        "2020-02-05 and more",
    ],
)
def test_what_is_not_a_date_or_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a date; write it like 2020-02-05T16:08:00Z"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2020-02-30", "day .*out of range"),
        ("2020-13-01", "month must be in 1..12"),
        ("0000-01-01", "year 0 is out of range"),
        ("2020-02-05T24:00:00Z", "hour must be in 0..23"),
        ("2016-12-31T23:59:60Z", "second must be in 0..59"),
        ("2020-02-05T16:08:00+99:00", "offset must be"),
        ("9999-12-31T23:00:00-10:00", "date value out of range"),
    ],
)
def test_a_date_that_does_not_exist_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^is not a valid date \(.*{reason}"):
        parse_date(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_date_that_python_writes_is_read_back(date: datetime) -> None:
    assert parse_date(date.isoformat()) == date


@given(st.text(max_size=30))
def test_any_other_text_raises_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_date(text).tzinfo is UTC


def test_a_number_counts_the_seconds_since_1970() -> None:
    assert to_date(1580918880) == FOUR_OCLOCK
    assert to_date(1580918880.5) == FOUR_OCLOCK.replace(microsecond=500_000)
    assert to_date("2020-02-05") == MIDNIGHT


@pytest.mark.parametrize("value", [True, None, [], {}, 1e300, float("nan"), float("inf")])
def test_other_values_are_not_dates(value: object) -> None:
    with pytest.raises(ValueError, match=r"^is not a date"):
        to_date(value)
