"""The scalars of the graph: strict input, canonical output."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NewType, NoReturn, TypeVar

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from schema.errors import ApiError, bad_input
from schema.execution.leaves import passthrough
from schema.names import item_id_of
from store.ids import MAX_URL_LENGTH

URL = NewType("URL", str)
JSON = NewType("JSON", object)

Value = TypeVar("Value")

# RFC 3339, section 5.6, without leap seconds, which `datetime` cannot represent.
_DATE = r"\d{4}-\d\d-\d\d"
_DATE_TIME = re.compile(
    rf"{_DATE}T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII | re.IGNORECASE
)
_DATE_ALONE = re.compile(rf"{_DATE}\Z", re.ASCII)


def parse_date_time(value: object) -> datetime:
    """Parse an RFC 3339 date-time to UTC, or a date to its start. Raises ApiError otherwise."""
    if isinstance(value, str):
        try:
            if _DATE_ALONE.match(value):
                return datetime.fromisoformat(value).replace(tzinfo=UTC)
            if _DATE_TIME.match(value):
                return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # a day or an hour that does not exist
    raise bad_input(
        f"{_shown(value)} is not a DateTime: write an RFC 3339 date and time with an offset, "
        "such as 2026-02-28T16:00:00Z or 2026-02-28T17:00:00+01:00, or a date, such as 2026-02-28."
    )


def format_date_time(value: object) -> str:
    """Format a date-time in UTC, with milliseconds only if they are not zero.

    A date-time without an offset, as the store returns them, is in UTC.
    """
    if not isinstance(value, datetime):
        raise TypeError(f"DateTime cannot represent {value!r}")
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if not value.microsecond:
        return value.isoformat() + "Z"  # a third of the time that a timespec takes
    return (
        value.isoformat(timespec="milliseconds" if value.microsecond >= 1000 else "seconds") + "Z"
    )


def parse_url(value: object) -> URL:
    """Return an absolute http(s) URL unchanged. Raises ApiError for anything else."""
    if isinstance(value, str):
        if len(value) > MAX_URL_LENGTH:
            raise bad_input(
                f"{_shown(value)} has {len(value):,} characters; a URL may have {MAX_URL_LENGTH:,}."
            )
        try:
            item_id_of(value)  # kept for the resolver
        except ValueError:
            pass
        else:
            return URL(value)
    raise bad_input(
        f"{_shown(value)} is not a URL: write it with `http` or `https` and a host, "
        "such as https://news.example.com/a-story."
    )


@passthrough(str)
def format_url(value: object) -> str:
    """Return the URL as its item spells it."""
    if not isinstance(value, str):
        raise TypeError(f"URL cannot represent {value!r}")
    return value


def format_json(value: object) -> object:
    """Return a value of a file as JSON; dates become text, bytes base64.

    Raises TypeError for what only MongoDB has, such as an ObjectId.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): format_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [format_json(member) for member in value]
    if isinstance(value, datetime):
        return format_date_time(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"JSON cannot represent {value!r}")


def _refuse_json(_value: object) -> NoReturn:
    raise bad_input("No argument takes JSON.")


def _literal(parse: Callable[[object], Value]) -> Callable[..., Value]:
    """Return a parser of a scalar's literals; its errors have the literal's location."""

    def parse_literal(node: ValueNode, variables: dict[str, object] | None = None) -> Value:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except ApiError as error:
            raise GraphQLError(error.message, node, extensions=error.extensions) from None

    return parse_literal


def _shown(value: object) -> str:
    text = repr(value[:60] if isinstance(value, str) else value)
    return text if len(text) <= 60 else f"{text[:60]}…"


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A date and time as in RFC 3339. Results are in UTC, such as `2026-02-28T16:00:00Z`, "
            "with milliseconds if they are not zero. Arguments must have an offset, but it need "
            "not be UTC. A date alone, such as `2026-02-28`, is the start of that day in UTC."
        ),
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
        serialize=format_date_time,
        parse_value=parse_date_time,
        parse_literal=_literal(parse_date_time),
    ),
    URL: strawberry.scalar(
        name="URL",
        description=(
            "A URL. Arguments must be absolute, with `http` or `https`, and have at most "
            f"{MAX_URL_LENGTH:,} characters. Results are absolute, too."
        ),
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3986",
        serialize=format_url,
        parse_value=parse_url,
        parse_literal=_literal(parse_url),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value, as RFC 8259 defines it.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc8259",
        serialize=format_json,
        parse_value=_refuse_json,
        parse_literal=_literal(_refuse_json),
    ),
}
