"""Settings: sources (`environment`), types (`setting_types`), messages (`setting_messages`)."""

import re
from pathlib import Path

import pytest

from api.setting_types import Executor
from api.settings import Settings, SettingsError, load_settings, unknown_settings
from store.audience import Audience

OPERATIONS = Path(__file__).parents[2] / "docs/operations.md"


def test_the_defaults_are_those_of_the_documentation() -> None:
    settings = load_settings()
    assert settings.mongodb_uri is None
    assert (settings.database, settings.data_dir) == ("newsgraph", Path(".newsgraph"))
    assert (settings.max_depth, settings.max_cost, settings.timeout_s) == (12, 10_000, 10)
    assert settings.introspection
    assert settings.playground
    assert settings.cache_mb == 64
    assert settings.executor is Executor.BREADTH_FIRST
    assert settings.anonymous_audience is Audience.EDITOR


def test_variables_override_the_env_file_and_flags_override_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("NEWSGRAPH_PORT=1\nNEWSGRAPH_MAX_COST=7\nOTHER=1\n")
    monkeypatch.setenv("NEWSGRAPH_PORT", "2")
    assert load_settings().port == 2
    assert load_settings(port=3).port == 3
    assert load_settings(port=None).port == 2
    assert load_settings().max_cost == 7


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSGRAPH_AUDIENCE", "")
    monkeypatch.setenv("NEWSGRAPH_PORT", "")
    assert load_settings().audience is None
    assert load_settings().port == 8000


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSGRAPH_EDITOR_TOKENS", "first-token-here, second-token-here,")
    monkeypatch.setenv("NEWSGRAPH_CORS_ORIGINS", "https://a.example,http://localhost:3000")
    settings = load_settings()
    assert settings.editor_tokens == ("first-token-here", "second-token-here")
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("PORT", "http", "is 'http': write a whole number from 0 to 65535."),
        ("PORT", "99999", "is '99999': write a whole number from 0 to 65535."),
        ("MAX_COST", "0", "write a whole number, at least 1."),
        ("PORT", "tcp://10.0.0.1:80", "enableServiceLinks"),
        ("AUDIENCE", "everyone", "write 'public' or 'editor'"),
        ("LOG_LEVEL", "loud", "write 'debug', 'info', 'warning' or 'error'."),
        ("EXECUTOR", "fast", "write 'breadth-first' or 'graphql-core'"),
        ("INTROSPECTION", "maybe", "write true or false"),
        ("TIMEOUT_S", "0", "write a number greater than 0"),
        ("TIMEOUT_S", "soon", "write a number. Time limit"),
        ("MONGODB_URI", "localhost:27017", "write mongodb://"),
        ("DATABASE", "a.b", "letters, digits"),
        ("MONGODB_URI", "localhost/a", "write mongodb://"),
        ("DATABASE", "admin", "write another name"),
        ("CORS_ORIGINS", "app.example", "write https://host"),
        ("CORS_ORIGINS", "https://app.example/path", "without a path"),
        ("HOSTS", "https://news.example", "write news.example, without a port"),
        ("HOSTS", "news.example:8000", "write news.example, without a port"),
        ("HOSTS", "*", "write news.example, without a port"),
        ("CORS_ORIGINS", "https://*.example", "write each origin whole, or * for all"),
        ("CORS_ORIGINS", "https://*.*.app.example", "has one star"),
        ("CORS_ORIGINS", "https://a*.app.example", "has one star"),
        ("CORS_ORIGINS", "*.app.example", "write https://host"),
        ("PROXIES", "proxy.example", "is not an address or a network such as 10.0.0.0/8"),
        ("PROXIES", "10.0.0.1/8", "is not an address or a network such as 10.0.0.0/8"),
        ("DOCUMENTS_MODE", "some", "write 'off', 'log' or 'only'"),
        ("DOCUMENTS", "nowhere", "this folder does not exist"),
        ("MEDIA_DIR", "nowhere", "this folder does not exist"),
        ("EDITOR_TOKENS", "with space", "HTTP headers cannot carry"),
        ("EDITOR_TOKEN", "secret", "did you mean NEWSGRAPH_EDITOR_TOKENS?"),
        ("AUDIANCE", "public", "did you mean NEWSGRAPH_AUDIENCE?"),
        ("PROT", "8080", "did you mean NEWSGRAPH_PORT?"),
    ],
)
def test_a_wrong_setting_is_reported_with_what_to_write_instead(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"NEWSGRAPH_{variable}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value).startswith(f"NEWSGRAPH_{variable}")
    assert message in str(error.value)


def test_a_misspelled_name_in_the_env_file_is_reported() -> None:
    Path(".env").write_text("NEWSGRAPH_EDITOR_TOKEN=secret\n")
    with pytest.raises(SettingsError, match="did you mean NEWSGRAPH_EDITOR_TOKENS"):
        load_settings()


def test_variables_of_others_with_the_same_prefix_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSGRAPH_SERVICE_HOST", "10.0.0.1")  # Kubernetes sets it
    load_settings()


def test_an_unknown_name_is_named_and_those_of_kubernetes_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSGRAPH_TOKEN", "secret")
    monkeypatch.setenv("NEWSGRAPH_PORT_8000_TCP_ADDR", "10.0.0.1")
    monkeypatch.setenv("NEWSGRAPH_SERVICE_HOST", "10.0.0.1")
    Path(".env").write_text("NEWSGRAPH_URI=mongodb://a\n")
    load_settings()
    assert unknown_settings() == [
        "NEWSGRAPH_TOKEN is not a setting, and has no effect.",
        "NEWSGRAPH_URI is not a setting, and has no effect.",
    ]


def test_a_broken_line_of_the_env_file_is_refused_without_its_text() -> None:
    Path(".env").write_text("# a comment\nNEWSGRAPH_PORT=1\nNEWSGRAPH_EDITOR_TOKENS hunter2\n")
    Path(".env").write_text(Path(".env").read_text() + "A='unclosed\n")
    with pytest.raises(SettingsError, match=r"\.env:\d: this line is not NAME=value") as error:
        load_settings()
    assert "hunter2" not in str(error.value)


def test_a_wrong_flag_is_named_as_a_flag() -> None:
    with pytest.raises(SettingsError, match=r"^--port is '99999': write a whole number from 0"):
        load_settings(port="99999")
    with pytest.raises(
        SettingsError, match=r"^--workers is 'x': write a whole number from 1 to 256"
    ):
        load_settings(workers="x")


def test_names_of_values_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSGRAPH_LOG_LEVEL", "INFO")
    monkeypatch.setenv("NEWSGRAPH_AUDIENCE", "Public")
    assert load_settings().log_level == "info"
    assert load_settings().audience is Audience.PUBLIC


def test_an_address_may_have_the_brackets_of_a_url() -> None:
    assert load_settings(host="[::1]").host == "::1"


def test_changed_settings_are_listed_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSGRAPH_SEARCH")
    settings = Settings(port=1, editor_tokens=("hunter2",), mongodb_uri="mongodb://u:hunter2@db")
    assert settings.changed == {"mongodb_uri": "hidden", "port": 1, "editor_tokens": "hidden"}


def test_an_env_file_in_another_encoding_is_reported() -> None:
    Path(".env").write_text("NEWSGRAPH_PORT=1\n", encoding="utf-16")
    with pytest.raises(SettingsError, match="Save it as UTF-8"):
        load_settings()


def test_secrets_never_appear_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSGRAPH_MONGODB_URI", "postgres://user:hunter2@db")
    monkeypatch.setenv("NEWSGRAPH_EDITOR_TOKENS", "hunter2 hunter2")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "hunter2" not in str(error.value)
    settings = Settings(mongodb_uri="mongodb://user:hunter2@db", editor_tokens=("hunter2",))
    assert "hunter2" not in repr(settings)


def test_all_wrong_settings_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSGRAPH_PORT", "x")
    monkeypatch.setenv("NEWSGRAPH_WORKERS", "x")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "api.example"])  # noqa: S104
def test_a_host_that_others_can_reach_needs_an_audience(host: str) -> None:
    settings = Settings(host=host)
    with pytest.raises(SettingsError, match=f"NEWSGRAPH_AUDIENCE is not set, and .* {host}"):
        settings.check_audience()
    with pytest.raises(SettingsError):
        _ = settings.anonymous_audience
    Settings(host=host, audience=Audience.PUBLIC).check_audience()


@pytest.mark.parametrize(
    ("uri", "database"),
    [
        ("mongodb://host", "newsgraph"),
        ("mongodb://host/", "newsgraph"),
        ("mongodb://host/?replicaSet=a/b", "newsgraph"),
        ("mongodb://me:secret@a,b:27018/mine?tls=true", "mine"),
        ("mongodb+srv://host/mine", "mine"),
        ("mongodb://me:secret@host/admin", "newsgraph"),  # where the user is kept
    ],
)
def test_the_database_in_the_uri_is_used_unless_one_is_set(
    monkeypatch: pytest.MonkeyPatch, uri: str, database: str
) -> None:
    assert load_settings(mongodb_uri=uri).database == database
    monkeypatch.setenv("NEWSGRAPH_MONGODB_URI", uri)
    assert load_settings().database == database
    assert load_settings(database="flag").database == "flag"
    monkeypatch.setenv("NEWSGRAPH_DATABASE", "set")
    assert load_settings().database == "set"


def test_a_host_name_that_others_know_needs_an_audience() -> None:
    with pytest.raises(SettingsError, match=r"AUDIENCE is not set, and .* news\.example"):
        Settings(hosts=("localhost", "news.example")).check_audience()
    Settings(hosts=("localhost", "demo.localhost")).check_audience()


def test_host_names_are_checked_if_they_are_set_or_everybody_is_an_editor() -> None:
    assert Settings(audience=Audience.PUBLIC).known_hosts is None
    named = Settings(audience=Audience.PUBLIC, hosts=("News.example",), host="a.example")
    assert named.known_hosts == ("news.example", "a.example")
    assert Settings(audience=Audience.EDITOR, host="nas.local").known_hosts == ("nas.local",)


def test_the_operations_page_has_every_setting_with_its_default_and_description() -> None:
    rows = re.findall(r"^\| `NEWSGRAPH_(\w+)` \| (.*?) \| (.*?) \|$", OPERATIONS.read_text(), re.M)
    assert [(name.lower(), description) for name, _, description in rows] == [
        (name, field.description) for name, field in Settings.model_fields.items()
    ]
    for name, default, _ in rows:
        value = Settings.model_fields[name.lower()].default
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        assert default == ("" if value in (None, ()) else f"`{shown}`"), name
