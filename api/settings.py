"""The settings of newsgraph: environment variables named NEWSGRAPH_…, or a `.env` file."""

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from store.audience import Audience

PREFIX = "NEWSGRAPH_"
# Settings whose value must never be repeated in a message.
_SECRET = frozenset({"mongodb_uri", "editor_tokens"})

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class SettingsError(Exception):
    """A setting is wrong: the message names each variable and says what to write."""


class Executor(StrEnum):
    """What runs a query's resolvers."""

    BREADTH_FIRST = "breadth-first"
    GRAPHQL_CORE = "graphql-core"


class Settings(BaseSettings):
    """What an operator can choose. `docs/operations.md` has the same table; a test compares them.

    Read with `load_settings`, which turns what is wrong into a SettingsError.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,  # `NEWSGRAPH_AUDIENCE=` in a compose file means unset
        extra="ignore",
        frozen=True,
    )

    mongodb_uri: str | None = Field(
        None,
        repr=False,
        description="Where MongoDB is (`mongodb://…`). Unset: a private one, started on demand.",
    )
    database: str = Field("newsgraph", description="The database's name.")
    data_dir: Path = Field(
        Path(".newsgraph"),
        description="Where the embedded MongoDB keeps its files.",
    )
    host: str = Field("127.0.0.1", description="The address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port that `serve` listens on.")
    workers: int = Field(1, ge=1, le=256, description="Processes that answer requests.")
    audience: Audience | None = Field(
        None,
        description=(
            "Who callers without a token are: `public` or `editor`. "
            "Unset: `editor` on a loopback address; elsewhere the server refuses to start."
        ),
    )
    editor_tokens: CommaSeparated = Field(
        (),
        repr=False,
        description="Bearer tokens that make a caller an editor, separated by commas.",
    )
    cors_origins: CommaSeparated = Field(
        (),
        description=(
            "Web origins whose pages may call the API (`https://app.example`), separated by "
            "commas, or `*`."
        ),
    )
    max_depth: int = Field(12, ge=1, description="The deepest nesting of fields in a query.")
    max_cost: int = Field(10_000, ge=1, description="The most objects a query may ask for.")
    max_body_kb: int = Field(128, ge=1, description="The largest request body, in KiB.")
    timeout_s: float = Field(10, gt=0, description="Seconds after which a request is given up.")
    introspection: bool = Field(True, description="Whether clients may ask for the schema.")
    playground: bool = Field(True, description="Whether browsers get a playground at /graphql.")
    cache_mb: int = Field(
        64, ge=0, description="MiB of finished responses that each worker keeps; 0 is off."
    )
    max_age_s: int = Field(
        0, ge=0, description="Seconds that browsers and proxies may reuse a public answer unasked."
    )
    executor: Executor = Field(
        Executor.BREADTH_FIRST,
        description="What runs queries; `graphql-core` is the reference.",
    )
    media_dir: Path | None = Field(None, description="A folder of files to serve under /media.")
    log_format: Literal["text", "json"] | None = Field(
        None, description="`text` or `json`. Unset: text on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe record that is logged."
    )

    @field_validator("editor_tokens", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for part in map(str.strip, value.split(",")) if part)

    @field_validator("mongodb_uri")
    @classmethod
    def _is_mongodb_uri(cls, uri: str | None) -> str | None:
        if uri is not None and not uri.startswith(("mongodb://", "mongodb+srv://")):
            raise _wrong("write mongodb://host:port or mongodb+srv://host")
        return uri

    @field_validator("database")
    @classmethod
    def _is_database_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", name):
            raise _wrong("write up to 63 letters, digits, hyphens and underscores")
        if name.lower() in ("admin", "config", "local"):
            raise _wrong("MongoDB keeps this one for itself; write another name")
        return name

    @field_validator("media_dir")
    @classmethod
    def _is_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise _wrong("there is no such folder")
        return folder

    @field_validator("editor_tokens")
    @classmethod
    def _are_tokens(cls, tokens: tuple[str, ...]) -> tuple[str, ...]:
        if any(not token.isascii() or not token.isprintable() or " " in token for token in tokens):
            raise _wrong("a token has characters that no HTTP header carries")
        return tokens

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, _, host = origin.partition("://")
            if origin != "*" and (scheme not in ("http", "https") or not host or "/" in host):
                raise _wrong(f"{origin!r} is not an origin; write https://host, without a path")
        return origins

    @property
    def anonymous_audience(self) -> Audience:
        """Who a caller without a token is.

        Raises SettingsError when nobody chose and others than this machine can connect.
        """
        if self.audience is None and not is_loopback(self.host):
            raise SettingsError(
                f"{PREFIX}AUDIENCE is not set, and {self.host} can be reached from elsewhere. "
                "Write public to serve published items only, or editor if everyone who can "
                "connect may read everything."
            )
        return self.audience or Audience.EDITOR


def load_settings(**chosen: Any) -> Settings:
    """Read the settings; `chosen` (a command's flags) wins over the environment, None is no choice.

    Raises SettingsError.
    """
    try:
        written = {**dotenv_values(".env"), **os.environ}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f".env cannot be read: {error}. Write it in UTF-8, for this user to read."
        ) from None
    if misspelt := sorted(_misspelt(written)):
        raise SettingsError("\n".join(misspelt))
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(map(_sentence, error.errors()))) from None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`, a name or an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("newsgraph", "{sentence}", {"sentence": sentence})


def _sentence(error: ErrorDetails) -> str:
    if not error["loc"]:
        return error["msg"]
    name = str(error["loc"][0])
    variable = f"{PREFIX}{name.upper()}"
    field = Settings.model_fields[name]
    given = "" if name in _SECRET else f" (it is {str(error['input'])!r})"
    hint = ""
    if name == "port" and str(error["input"]).startswith("tcp://"):
        hint = " (Kubernetes sets it for a service named newsgraph; enableServiceLinks: false.)"
    what = error["msg"] if error["type"] == "newsgraph" else _expected(error["msg"])
    return f"{variable}{given}: {what}. {field.description}{hint}"


def _expected(message: str) -> str:
    """Turn pydantic's "Input should be 'a' or 'b'" into what to do."""
    wanted = message.removeprefix("Input should be ").partition(", unable to ")[0]
    return f"write {'a number ' if wanted.startswith(('greater', 'less')) else ''}{wanted}"


def _misspelt(environment: Iterable[str]) -> Iterator[str]:
    known = [name.upper() for name in Settings.model_fields]
    for variable in environment:
        name = variable.upper().removeprefix(PREFIX)
        if not variable.upper().startswith(PREFIX) or name in known:
            continue
        # Others may use the prefix (compose files, Kubernetes): refuse only what is surely meant.
        if close := difflib.get_close_matches(name, known, n=1, cutoff=0.75):
            yield f"{variable} is not a setting. Write {PREFIX}{close[0]}."
