"""The types of settings: the values that each takes, and what is wrong with others."""

import re
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from api.setting_messages import wrong

RESERVED_DATABASES: Final = ("admin", "config", "local")
"""The databases that MongoDB keeps for itself."""

_ORIGIN_PATTERN = re.compile(r"https?://\*(\.[\w-]+){2,}(:[0-9]+)?", re.ASCII)
_ORIGIN = re.compile(r"https?://[\w-]+(\.[\w-]+)*(:[0-9]+)?", re.ASCII)
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)  # RFC 9110, section 5.6.2


class Executor(StrEnum):
    """What executes queries."""

    BREADTH_FIRST = "breadth-first"
    GRAPHQL_CORE = "graphql-core"


class Future(StrEnum):
    """Whether the public sees items whose date lies ahead."""

    HIDE = "hide"
    SHOW = "show"


class DocumentsMode(StrEnum):
    """What becomes of queries that are not trusted documents."""

    OFF = "off"
    LOG = "log"
    ONLY = "only"


class SearchBackend(StrEnum):
    """What answers searches."""

    TANTIVY = "tantivy"
    MONGODB = "mongodb"
    OFF = "off"


def _lowered(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


IN_ANY_CASE: Final = BeforeValidator(_lowered)
"""Marks a choice whose names are written in any case."""


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in map(str.strip, value.split(",")) if part)


def _check_mongodb_uri(uri: str) -> str:
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        raise wrong("write mongodb://host:port or mongodb+srv://host")
    return uri


def _check_database(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", name):
        raise wrong("write up to 63 letters, digits, hyphens and underscores")
    if name.lower() in RESERVED_DATABASES:
        raise wrong("MongoDB reserves this name; write another name")
    return name


def _check_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise wrong("this folder does not exist")
    return folder


def _check_origin(url: str) -> str:
    if not _ORIGIN.fullmatch(url):
        raise wrong(f"{url!r} is not an origin; write https://cdn.example, without a path")
    return url


def _without_brackets(host: str) -> str:
    return host.removeprefix("[").removesuffix("]")


def _check_tokens(tokens: tuple[str, ...]) -> tuple[str, ...]:
    if any(not token.isascii() or not token.isprintable() or " " in token for token in tokens):
        raise wrong("a token has a space or a character that HTTP headers cannot carry")
    return tokens


def _check_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if "*" in origin.removeprefix("*") and not _ORIGIN_PATTERN.fullmatch(origin):
            raise wrong(
                f"{origin!r} is a pattern; write each origin whole, or * for all. A pattern "
                "like https://*.app.example has one star, below a domain of two labels or more"
            )
        scheme, _, host = origin.partition("://")
        if origin != "*" and (scheme not in ("http", "https") or not host or "/" in host):
            raise wrong(f"{origin!r} is not an origin; write https://host, without a path")
    return origins


def _check_headers(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not _HEADER_NAME.fullmatch(name):
            raise wrong(f"{name!r} is not the name of a header; write x-my-header, x-another")
    return names


def _check_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise wrong(f"{network!r} is not an address or a network such as 10.0.0.0/8") from None
    return networks


def _check_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", host):
            raise wrong(f"{host!r} is not a name; write news.example, without a port")
    return tuple(host.lower() for host in hosts)


MongodbUri = Annotated[str, AfterValidator(_check_mongodb_uri)]
DatabaseName = Annotated[str, AfterValidator(_check_database)]
ExistingFolder = Annotated[Path, AfterValidator(_check_folder)]
Origin = Annotated[str, AfterValidator(_check_origin)]
Host = Annotated[str, AfterValidator(_without_brackets)]

# Lists, separated by commas.
_Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Tokens = Annotated[_Texts, AfterValidator(_check_tokens)]
Origins = Annotated[_Texts, AfterValidator(_check_origins)]
HeaderNames = Annotated[_Texts, AfterValidator(_check_headers)]
Networks = Annotated[_Texts, AfterValidator(_check_networks)]
HostNames = Annotated[_Texts, AfterValidator(_check_hosts)]
