"""The settings: environment variables named NEWSGRAPH_…, or lines of a `.env` file."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.environment import ENV_FILE, PREFIX, SettingsError, unknown_names
from api.loopback import is_loopback
from api.setting_messages import SECRET, message
from api.setting_types import (
    IN_ANY_CASE,
    RESERVED_DATABASES,
    DatabaseName,
    DocumentsMode,
    Executor,
    ExistingFolder,
    Future,
    HeaderNames,
    Host,
    HostNames,
    MongodbUri,
    Networks,
    Origin,
    Origins,
    SearchBackend,
    Tokens,
)
from schema.limits.limits import Limits
from store.audience import Audience
from store.memory import MIN_MB

__all__ = ["PREFIX", "Settings", "SettingsError", "load_settings", "unknown_settings"]

_LIMITS = Limits()


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

    mongodb_uri: MongodbUri | None = Field(
        None,
        repr=False,
        description="URI of the MongoDB to use (`mongodb://…`). Unset: an embedded server.",
    )
    database: DatabaseName = Field(
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
    search: Annotated[SearchBackend, IN_ANY_CASE] = Field(
        SearchBackend.TANTIVY,
        description=(
            "What answers searches: `tantivy`, an index in the data folder of each host; "
            "`mongodb`, a text index of the database, for hosts that may keep no files; or `off`."
        ),
    )
    host: Host = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(
        8000, ge=0, le=65535, description="Port that `serve` listens on; 0 picks a free one."
    )
    workers: int = Field(1, ge=1, le=256, description="Number of processes that serve requests.")
    audience: Annotated[Audience | None, IN_ANY_CASE] = Field(
        None,
        description=(
            "Audience of callers without a token: `public` or `editor`. Unset: `editor` on a "
            "loopback address; on any other address the server refuses to start."
        ),
    )
    editor_tokens: Tokens = Field(
        (),
        repr=False,
        description="Bearer tokens that identify editors, separated by commas.",
    )
    cors_origins: Origins = Field(
        (),
        description=(
            "Origins whose pages may call the API (`https://app.example`), separated by commas, "
            "or `*` for all. A star may stand for one label: `https://*.app.example`."
        ),
    )
    cors_headers: HeaderNames = Field(
        (),
        description=(
            "Headers that these pages may send besides those of HTTP, Apollo, Sentry and "
            "OpenTelemetry, separated by commas, or `*` for all."
        ),
    )
    hosts: HostNames = Field(
        (),
        description=(
            "Names by which callers may address the server (`news.example`), separated by commas; "
            "loopback names, IP addresses and `NEWSGRAPH_HOST` need no entry. Unset: no others "
            "if callers without a token are editors, and every name if they are the public."
        ),
    )
    future: Annotated[Future, IN_ANY_CASE] = Field(
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
    proxies: Networks = Field(
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
    executor: Annotated[Executor, IN_ANY_CASE] = Field(
        Executor.BREADTH_FIRST,
        description="What executes queries; `graphql-core` is the reference implementation.",
    )
    documents: ExistingFolder | None = Field(
        None,
        description=(
            "Folder of trusted documents: `.graphql` files, and the manifests of Relay, Apollo and "
            "graphql-codegen. Clients may send their ids."
        ),
    )
    documents_mode: Annotated[DocumentsMode, IN_ANY_CASE] = Field(
        DocumentsMode.OFF,
        description=(
            "What happens to queries that are not in `NEWSGRAPH_DOCUMENTS`: `off` serves them, "
            "`log` also logs them, `only` refuses them unless they come with a token."
        ),
    )
    media_dir: ExistingFolder | None = Field(
        None, description="Folder whose files are served under /media."
    )
    media_url: Origin | None = Field(
        None,
        description=(
            "Origin of the pictures whose path begins with `/media/` (`https://cdn.example`). "
            "Unset: with `NEWSGRAPH_MEDIA_DIR` the server's own, as the caller addressed it."
        ),
    )
    log_format: Annotated[Literal["text", "json"] | None, IN_ANY_CASE] = Field(
        None, description="`text` or `json`. Unset: text on a terminal, JSON elsewhere."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], IN_ANY_CASE] = Field(
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

    @model_validator(mode="before")
    @classmethod
    def _take_database_from_uri(cls, values: dict[str, object]) -> dict[str, object]:
        uri = values.get("mongodb_uri")
        if "database" not in values and isinstance(uri, str):
            # RFC 3986, section 3: the path begins after the authority and ends before the query.
            name = uri.partition("://")[2].partition("?")[0].partition("/")[2]
            if name and name not in RESERVED_DATABASES:  # `/admin` only says who keeps the users
                return {**values, "database": name}
        return values

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
