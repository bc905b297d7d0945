"""The scalars (`schema.scalars`): strict input, canonical output."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import ApiError
from schema.scalars import (
    JSON,
    SCALARS,
    format_date_time,
    format_json,
    format_url,
    parse_date_time,
    parse_url,
)
from store.audience import Audience
from tests.schema.newsroom import Newsroom, item


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-28T16:00:00Z", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("2026-02-28t16:00:00z", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("2026-02-28T17:00:00+01:00", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
        ("2026-02-28T16:00:00.25-00:00", datetime(2026, 2, 28, 16, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_a_date_time_is_parsed_to_utc(text: str, moment: datetime) -> None:
    assert parse_date_time(text) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2026-02",
        "2026-02-30",
        "2026-2-28",
        "20260228",
        "2026-W09-6",
        "2026-02-28Z",
        "2026-02-28\n",
        "2026-02-28T16:00:00",
        "2026-02-28 16:00:00Z",
        "2026-02-30T16:00:00Z",
        "2026-02-28T24:00:00Z",
        "2026-02-28T16:00:60Z",
        "2026-02-28T16:00Z",
        "2026-2-28T16:00:00Z",
        "20260228T160000Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "٢٠٢٦-02-28T16:00:00Z",
        " 2026-02-28T16:00:00Z",
        "2026-02-28T16:00:00Z\n",
        "now",
        "",
        1_700_000_000,
        1.5,
        True,
        None,
        ["2026-02-28T16:00:00Z"],
    ],
)
def test_an_invalid_date_time_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(ApiError, match="such as 2026-02-28T16:00:00Z"):
        parse_date_time(value)


@given(
    st.datetimes(timezones=st.timezones(), allow_imaginary=False).filter(
        lambda d: 2 < d.year < 9998
    )
)
def test_a_date_time_round_trips_to_the_millisecond(moment: datetime) -> None:
    text = format_date_time(moment)
    assert text.endswith("Z")
    assert timedelta(0) <= moment - parse_date_time(text) < timedelta(milliseconds=1)


def test_a_date_time_is_formatted_in_utc_without_zero_milliseconds() -> None:
    east = timezone(timedelta(hours=2))
    assert format_date_time(datetime(2026, 2, 28, 1, tzinfo=east)) == "2026-02-27T23:00:00Z"
    moment = datetime(2026, 2, 28, 1, 2, 3, 456_789, tzinfo=UTC)
    assert format_date_time(moment) == "2026-02-28T01:02:03.456Z"
    assert format_date_time(datetime(800, 1, 1, tzinfo=UTC)) == "0800-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "value",
    ["a.example/b", "/a", "ftp://a.example/", "javascript:alert(1)", "https://", "https://a:b/", 7],
)
def test_an_invalid_url_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(ApiError, match=r"such as https://news\.example\.com"):
        parse_url(value)


def test_json_represents_any_value_of_a_file() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    given = {"a": [1, 2.5, None, {"b": moment}], "raw": b"\x00\xff"}
    assert format_json(given) == {
        "a": [1, 2.5, None, {"b": "2026-01-01T00:00:00Z"}],
        "raw": "AP8=",
    }


@pytest.mark.anyio
async def test_an_item_is_found_by_any_equivalent_url(newsroom: Newsroom) -> None:
    newsroom.put(item("a-story", provider="news.example"))
    query = "query ($url: URL) { item(url: $url) { title webUrl } }"
    for url in (
        "https://news.example/a-story",
        "http://NEWS.example:80/a-story/",
        "https://news.example/a%2Dstory?utm_source=x&fbclid=y#top",
        "  https://news.example/./b/../a-story",
    ):
        data = await newsroom.ask(query, url=url)
        assert data["item"] == {"title": "Story a-story", "webUrl": "https://news.example/a-story"}
    other = await newsroom.ask(query, Audience.EDITOR, url="https://news.example/a-story?page=2")
    assert other["item"] is None


def test_only_values_of_its_type_can_be_formatted() -> None:
    assert format_url("/a.png") == "/a.png"
    for format_value in (format_date_time, format_url):
        with pytest.raises(TypeError):
            format_value(1)


def test_a_json_argument_is_refused() -> None:
    json = SCALARS[JSON]
    assert json.parse_value
    with pytest.raises(ApiError):
        json.parse_value({})
