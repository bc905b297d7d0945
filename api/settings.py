"""The settings: environment variables named NEWSGRAPH_…, or lines of a `.env` file."""

import re
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.environment import ENV_FILE, PREFIX, SettingsError, unknown_names
from api.loopback import is_loopback
from api.setting_messages import SECRET, message, wrong
from schema.limits.limits import Limits
from store.audience import Audience
from store.memory import MIN_MB

__all__ = [
    "PREFIX",
    "DocumentsMode",
    "Executor",
    "Future",
    "SearchBackend",
    "Settings",
    "SettingsError",
    "load_settings",
    "unknown_settings",
]

_LIMITS = Limits()
_ORIGIN_PATTERN = re.compile(r"https?://\*(\.[\w-]+){2,}(:[0-9]+)?", re.ASCII)
_ORIGIN = re.compile(r"https?://[\w-]+(\.[\w-]+)*(:[0-9]+)?", re.ASCII)
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)  # RFC 9110, section 5.6.2
_RESERVED_DATABASES = ("admin", "config", "local")

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


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


class Settings(BaseSettings):
    """What an operator can choose; `docs/operations.md` has the same table.

    Use `load_settings` to read them: it turns mistakes into a SettingsError.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,  # `NEWSGRAPH_AUDIENCE=` in a compose file means unset
        extra="ignore",
        frozen=True,
    )

    mongodb_uri: str | None = Field(
        None,
        repr=False,
        description="URI of the MongoDB to use (`mongodb://…`). Unset: an embedded server.",
    )
    database: str = Field(
        "newsgraph",
        description="Name of the database. Unset: the name in the URI (`mongodb://host/name`).",
    )
    mongodb_cache_mb: int | None = Field(
        None,
        ge=MIN_MB,
        le=1024 * 1024,
        description=(
            "Size of the embedded server's cache, in MiB, at least 256; it takes effect when that "
            "server starts. Unset: 1024, but at most a quarter of the memory."
        ),
    )
    data_dir: Path = Field(
        Path(".newsgraph"),
        description="Folder for the embedded server's data and the search index.",
    )
    search: SearchBackend = Field(
        SearchBackend.TANTIVY,
        description=(
            "What answers searches: `tantivy`, an index in the data folder of each host; "
            "`mongodb`, a text index of the database, for hosts that may keep no files; or `off`."
        ),
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(
        8000, ge=0, le=65535, description="Port that `serve` listens on; 0 picks a free one."
    )
    workers: int = Field(1, ge=1, le=256, description="Number of processes that serve requests.")
    audience: Audience | None = Field(
        None,
        description=(
            "Audience of callers without a token: `public` or `editor`. Unset: `editor` on a "
            "loopback address; on any other address the server refuses to start."
        ),
    )
    editor_tokens: CommaSeparated = Field(
        (),
        repr=False,
        description="Bearer tokens that identify editors, separated by commas.",
    )
    cors_origins: CommaSeparated = Field(
        (),
        description=(
            "Origins whose pages may call the API (`https://app.example`), separated by commas, "
            "or `*` for all. A star may stand for one label: `https://*.app.example`."
        ),
    )
    cors_headers: CommaSeparated = Field(
        (),
        description=(
            "Headers that these pages may send besides those of HTTP, Apollo, Sentry and "
            "OpenTelemetry, separated by commas, or `*` for all."
        ),
    )
    hosts: CommaSeparated = Field(
        (),
        description=(
            "Names by which callers may address the server (`news.example`), separated by commas; "
            "loopback names, IP addresses and `NEWSGRAPH_HOST` need no entry. Unset: no others "
            "if callers without a token are editors, and every name if they are the public."
        ),
    )
    future: Future = Field(
        Future.HIDE,
        description=(
            "Whether the public sees items whose `publishedDateTime` is in the future: `hide` "
            "publishes them at that time, `show` at once. Set it for both `load` and `serve`."
        ),
    )
    max_depth: int = Field(
        _LIMITS.max_depth, ge=1, description="Maximum depth of a query, in levels of fields."
    )
    max_cost: int = Field(
        _LIMITS.max_cost,
        ge=1,
        description=(
            "Maximum cost of a query: the objects that it could return, with the prices of its "
            "counts, facets and searches."
        ),
    )
    max_response_mb: int = Field(
        _LIMITS.max_response_mb, ge=1, description="Maximum size of a response's JSON, in MiB."
    )
    objects_per_minute: int = Field(
        0,
        ge=0,
        description=(
            "Objects that each token, or each address without one, may request from a worker in a "
            "minute; 0 sets no limit."
        ),
    )
    streams: int = Field(
        1_000,
        ge=0,
        le=100_000,
        description="Streams that each worker keeps open at once; 0 turns streams off.",
    )
    streams_per_caller: int = Field(
        100,
        ge=1,
        description=(
            "Streams that each token, or each address without one, may have open in a worker."
        ),
    )
    proxies: CommaSeparated = Field(
        (),
        description=(
            "Addresses or networks of your proxies (`127.0.0.1,10.0.0.0/8`), separated by commas. "
            "`X-Forwarded-For` is trusted only from them."
        ),
    )
    max_body_kb: int = Field(128, ge=1, description="Maximum size of a request body, in KiB.")
    timeout_s: float = Field(10, gt=0, description="Time limit for a request, in seconds.")
    introspection: bool = Field(True, description="Whether clients may query the schema itself.")
    playground: bool = Field(True, description="Whether browsers get the playground at /graphql.")
    title: str | None = Field(
        None,
        max_length=100,
        description=(
            "Name of the site, shown by the reader and in feeds. Unset: in the reader, the name "
            "of the provider of nearly all items, if there is one."
        ),
    )
    reader: bool = Field(True, description="Whether browsers get the reader, a news site, at /.")
    cache_mb: int = Field(
        64, ge=0, description="Size of each worker's response cache, in MiB; 0 turns it off."
    )
    max_age_s: int = Field(
        0,
        ge=0,
        description=(
            "Seconds for which browsers and proxies may reuse a public response without asking "
            "again."
        ),
    )
    executor: Executor = Field(
        Executor.BREADTH_FIRST,
        description="What executes queries; `graphql-core` is the reference implementation.",
    )
    documents: Path | None = Field(
        None,
        description=(
            "Folder of trusted documents: `.graphql` files, and the manifests of Relay, Apollo and "
            "graphql-codegen. Clients may send their ids."
        ),
    )
    documents_mode: DocumentsMode = Field(
        DocumentsMode.OFF,
        description=(
            "What happens to queries that are not in `NEWSGRAPH_DOCUMENTS`: `off` serves them, "
            "`log` also logs them, `only` refuses them unless they come with a token."
        ),
    )
    media_dir: Path | None = Field(None, description="Folder whose files are served under /media.")
    media_url: str | None = Field(
        None,
        description=(
            "Origin of the pictures whose path begins with `/media/` (`https://cdn.example`). "
            "Unset: with `NEWSGRAPH_MEDIA_DIR` the server's own, as the caller addressed it."
        ),
    )
    log_format: Literal["text", "json"] | None = Field(
        None, description="`text` or `json`. Unset: text on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        description="Lowest level that is logged. A server's start and stop are always logged.",
    )
    log_clients: bool = Field(
        False,
        description=(
            "Whether the log has the addresses of clients, as seen by the server and by proxies "
            "(`X-Forwarded-For`)."
        ),
    )

    @field_validator(
        "editor_tokens", "cors_origins", "cors_headers", "hosts", "proxies", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for part in map(str.strip, value.split(",")) if part)

    @field_validator(
        *("audience", "documents_mode", "executor", "future", "search", "log_format", "log_level"),
        mode="before",
    )
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, host: str) -> str:
        return host.removeprefix("[").removesuffix("]")

    @field_validator("mongodb_uri")
    @classmethod
    def _is_mongodb_uri(cls, uri: str | None) -> str | None:
        if uri is not None and not uri.startswith(("mongodb://", "mongodb+srv://")):
            raise wrong("write mongodb://host:port or mongodb+srv://host")
        return uri

    @model_validator(mode="before")
    @classmethod
    def _take_database_from_uri(cls, values: dict[str, object]) -> dict[str, object]:
        uri = values.get("mongodb_uri")
        if "database" not in values and isinstance(uri, str):
            # RFC 3986, section 3: the path begins after the authority and ends before the query.
            name = uri.partition("://")[2].partition("?")[0].partition("/")[2]
            if name and name not in _RESERVED_DATABASES:  # `/admin` only says who keeps the users
                return {**values, "database": name}
        return values

    @field_validator("database")
    @classmethod
    def _is_database_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", name):
            raise wrong("write up to 63 letters, digits, hyphens and underscores")
        if name.lower() in _RESERVED_DATABASES:
            raise wrong("MongoDB reserves this name; write another name")
        return name

    @field_validator("documents", "media_dir")
    @classmethod
    def _is_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise wrong("this folder does not exist")
        return folder

    @field_validator("editor_tokens")
    @classmethod
    def _are_tokens(cls, tokens: tuple[str, ...]) -> tuple[str, ...]:
        if any(not token.isascii() or not token.isprintable() or " " in token for token in tokens):
            raise wrong("a token has a space or a character that HTTP headers cannot carry")
        return tokens

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
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

    @field_validator("media_url")
    @classmethod
    def _is_origin(cls, url: str | None) -> str | None:
        if url is not None and not _ORIGIN.fullmatch(url):
            raise wrong(f"{url!r} is not an origin; write https://cdn.example, without a path")
        return url

    @field_validator("cors_headers")
    @classmethod
    def _are_headers(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _HEADER_NAME.fullmatch(name):
                raise wrong(f"{name!r} is not the name of a header; write x-my-header, x-another")
        return names

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                ip_network(proxy)
            except ValueError:
                raise wrong(
                    f"{proxy!r} is not an address or a network such as 10.0.0.0/8"
                ) from None
        return proxies

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", host):
                raise wrong(f"{host!r} is not a name; write news.example, without a port")
        return tuple(host.lower() for host in hosts)

    def check_audience(self) -> None:
        """Raise SettingsError if no audience is set and other machines can connect."""
        names = (self.host, *self.hosts)
        if self.audience is None and not all(map(is_loopback, names)):
            reachable = next(name for name in names if not is_loopback(name))
            raise SettingsError(
                f"{PREFIX}AUDIENCE is not set, and other machines can reach {reachable}. "
                "Set it to public to serve published items only, or to editor to let everyone "
                "who can connect read everything."
            )

    @property
    def shows_future(self) -> bool:
        """Whether items are published before their date."""
        return self.future is Future.SHOW

    @property
    def changed(self) -> dict[str, object]:
        """The settings that differ from their defaults, for a log: without secrets."""
        return {
            name: "hidden" if name in SECRET else getattr(self, name)
            for name, field in Settings.model_fields.items()
            if getattr(self, name) != field.default
        }

    @property
    def text_index(self) -> bool:
        """Whether items have a text index in MongoDB, which makes loads many times as slow."""
        return self.search is SearchBackend.MONGODB

    @property
    def known_hosts(self) -> tuple[str, ...] | None:
        """The names by which callers without a token may address the server; None: every name."""
        if self.hosts or self.anonymous_audience is Audience.EDITOR:
            return self.own_names
        return None

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names that the operator gave to the server."""
        return (*self.hosts, self.host)

    @property
    def anonymous_audience(self) -> Audience:
        """The audience of a caller without a token. Raises as `check_audience` does."""
        self.check_audience()
        return self.audience or Audience.EDITOR


def load_settings(**flags: object) -> Settings:
    """Read the settings; `flags` override the environment, and None means not given.

    Raises SettingsError.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    unknown_names(_NAMES)  # for its errors
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        fields = Settings.model_fields
        raise SettingsError(
            "\n".join(message(e, fields[str(e["loc"][0])], given) for e in error.errors())
        ) from None


def unknown_settings() -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none."""
    return [f"{name} is not a setting, and has no effect." for name in unknown_names(_NAMES)]


_NAMES = [name.upper() for name in Settings.model_fields]
