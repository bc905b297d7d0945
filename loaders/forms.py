"""The forms of single values, from which the types of fields are guessed."""

import re
from enum import Enum
from typing import Final, TypeAlias

from loaders.dates import parse_date
from loaders.values import INT32
from store.ids import MAX_URL_LENGTH, canonical_url

Scalar: TypeAlias = bool | int | float | str

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}")
_EXACT_FLOAT: Final = 2**53
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
# What is not near a date is not tried as one: that takes a while.
_DATE = re.compile(
    r"(?=.{6,40}\Z)(?:\d{4}[-/.]\d"
    r"|(?=.*\d{4}).*(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)


class Form(Enum):
    """The forms of single values. Each member's text is how people name it."""

    INTEGER = "whole numbers"
    NUMBER = "numbers"
    FLAG = "true or false"
    DATE = "dates"
    URL = "URLs"
    TEXT = "text"
    MAPPING = "mappings"
    OTHER = "what only JSON can hold"


def form_of(value: Scalar, text: str | None) -> Form:
    """Return the narrowest form from which a value comes back as the file has it.

    `text` is what the file has for it, or None if that is not known.
    """
    if isinstance(value, str):
        return _form_of_text(value)
    if isinstance(value, bool):
        return Form.FLAG
    if isinstance(value, float):
        return Form.NUMBER if text == repr(value) else Form.TEXT  # versions, such as 1.10
    if text is None or not _INTEGER.fullmatch(text):
        return Form.TEXT  # such as 007, and 10:00, which YAML 1.1 takes for 600
    if value in INT32:
        return Form.INTEGER
    return Form.NUMBER if abs(value) <= _EXACT_FLOAT else Form.TEXT


def _form_of_text(text: str) -> Form:
    if _URL.fullmatch(text) and len(text) <= MAX_URL_LENGTH:
        try:
            canonical_url(text)
        except ValueError:
            return Form.TEXT
        return Form.URL
    return Form.DATE if _is_date(text) else Form.TEXT


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date = parse_date(text)
    except ValueError:
        return False
    return not date.microsecond % 1000  # MongoDB stores milliseconds
