"""What each field takes: the checks and conversions of everything that has a place of its own.

Pydantic's typed dictionaries, so that what comes out is what MongoDB stores. Keys that are not
named here pass through untouched.
"""

from datetime import datetime
from functools import cache
from typing import (
    Annotated,
    Any,
    Required,  # pydantic's, before Python 3.12
)

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from loaders.dates import to_date
from loaders.diagnostics import quoted

_OPEN = ConfigDict(extra="allow", coerce_numbers_to_str=True)
_STRICT = ConfigDict(extra="forbid")


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _pictured(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) and "/" in value else value


def _date(value: Any) -> datetime:
    try:
        return to_date(value)
    except ValueError as error:
        message = f"{quoted(value)} {error}".replace("{", "(").replace("}", ")")
        raise PydanticCustomError("date", message) from None


def _secured(value: Any) -> Any:
    if isinstance(value, str):
        ciphertext, semicolon, iv = value.partition(";")
        if not semicolon:
            raise PydanticCustomError("secured", "secured")
        return {"ciphertext": ciphertext, "iv": iv}
    return value


Text = str
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+\S*$")
]
# Sites name their own pictures by path: /assets/images/logo.png.
ImageUrl = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, pattern=r"^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+\S*|/\S+)$"
    ),
]
# GraphQL's Int has 32 bits.
Number = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Pixels = Annotated[int, Field(ge=0, le=2**31 - 1)]
Date = Annotated[datetime, BeforeValidator(_date)]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/_-]+={0,2}$")]


@with_config(_OPEN)
class Image(TypedDict, total=False):
    url: Required[ImageUrl]
    width: Pixels
    height: Pixels
    title: Text
    attribution: Text
    isCached: bool


Images = Annotated[
    list[Annotated[Image, BeforeValidator(_pictured)]], BeforeValidator(_one_or_many)
]
Names = Annotated[list[Name], BeforeValidator(_one_or_many)]


@with_config(_OPEN)
class Provider(TypedDict, total=False):
    name: Name
    domain: Name
    images: Images


ProviderLike = Annotated[Provider, BeforeValidator(_named)]


@with_config(_STRICT)
class Secured(TypedDict):
    ciphertext: Base64
    iv: Base64


@with_config(_OPEN)
class Related(TypedDict, total=False):
    title: Required[Name]
    excerpt: Text
    type: Name
    webUrl: Url
    ampWebUrl: Url
    cdnAmpWebUrl: Url
    publishedDateTime: Date
    quality: Number
    heat: Number
    provider: ProviderLike
    images: Images


@with_config(_OPEN)
class Item(TypedDict, total=False):
    title: Required[Name]
    excerpt: Text
    body: Text
    category: Name
    type: Name
    locale: Name
    webUrl: Url
    ampWebUrl: Url
    cdnAmpWebUrl: Url
    originalUrl: Url
    publishedDateTime: Date
    updatedDateTime: Date
    quality: Number
    heat: Number
    published: bool
    removed: bool
    deleted: bool
    provider: ProviderLike
    topics: Names
    tags: Names
    images: Images
    related: Annotated[list[Related], BeforeValidator(_one_or_many)]
    secured: Annotated[Secured, BeforeValidator(_secured)]


@with_config(_OPEN)
class Organization(TypedDict, total=False):
    name: Required[Name]
    domain: Required[Name]
    description: Text
    otherNames: Names
    images: Images
    published: bool
    removed: bool
    deleted: bool


@with_config(_OPEN)
class Topic(TypedDict, total=False):
    name: Required[Name]
    parent: Name
    keywords: Names
    published: bool
    removed: bool
    deleted: bool


@cache
def checker(kind: Any) -> TypeAdapter[dict[str, Any]]:
    """Give what checks and converts a mapping of this kind."""
    return TypeAdapter(kind)


def known(kind: type[Any]) -> frozenset[str]:
    """Give the keys that a kind takes."""
    return frozenset(kind.__annotations__)
