"""The Dockerfile and docker-compose.yml refer only to what newsgraph has.

No container is run: each command, port, path and variable in these files is looked up in the
product.
"""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.commands.group import COMMANDS
from api.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).parent.parent
TEXTS = [(ROOT / name).read_text() for name in ("Dockerfile", "docker-compose.yml")]
COMPOSE: dict[str, Any] = yaml.safe_load(TEXTS[1])
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
SECONDS = re.compile(r"(\d+)s")


def instructions() -> list[tuple[str, str]]:
    """Return each instruction of the Dockerfile with its arguments."""
    text = re.sub(r"^\s*#.*\n", "", TEXTS[0], flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def all_of(name: str) -> list[str]:
    """Return the arguments of every instruction of that name."""
    return [rest for instruction, rest in instructions() if instruction == name]


def stages() -> list[list[str]]:
    """Return the arguments of each `FROM`: an image, and perhaps `AS` and a name."""
    return [rest.split() for rest in all_of("FROM")]


def test_every_instruction_exists() -> None:
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK"}
    assert {name for name, _ in instructions()} <= known | {"CMD", "ENTRYPOINT"}


def test_every_variable_is_a_setting() -> None:
    named = {name for text in TEXTS for name in re.findall(rf"{PREFIX}\w+", text)}
    assert named <= {PREFIX + field.upper() for field in Settings.model_fields}
    assert f"{PREFIX}MONGODB_URI" in named


def test_every_value_is_valid_and_the_public_is_the_default_audience(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for environment in [_image_environment(), *(one["environment"] for one in OURS.values())]:
        for variable, value in environment.items():
            # As compose does for an unset variable.
            monkeypatch.setenv(variable, re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value))
        settings = load_settings()
        assert (settings.host, settings.anonymous_audience) == ("0.0.0.0", "public")  # noqa: S104


def _image_environment() -> dict[str, str]:
    words = [word for rest in all_of("ENV") for word in shlex.split(rest)]
    pairs = (word.partition("=") for word in words)
    return {name: value for name, _, value in pairs if name.startswith(PREFIX)}


def test_every_command_exists() -> None:
    assert json.loads(all_of("ENTRYPOINT")[0]) == ["newsgraph"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert "newsgraph" in scripts
    commands = [json.loads(all_of("CMD")[0]), *(service["command"] for service in OURS.values())]
    assert [command[0] for command in commands] == ["serve", "load", "serve"]
    assert {command[0] for command in commands} <= set(COMMANDS)


def test_every_port_is_the_default_port() -> None:
    port = str(Settings.model_fields["port"].default)
    assert all_of("EXPOSE") == [port]
    assert [mapping.split(":")[-1] for mapping in SERVICES["api"]["ports"]] == [port]
    assert re.findall(r"http://[\d.]+:(\d+)/", all_of("HEALTHCHECK")[0]) == [port]


def test_the_health_check_requests_a_path_that_the_api_has() -> None:
    from api import health

    path = re.findall(r"http://[\d.:]+(/\w+)", all_of("HEALTHCHECK")[0])[0]
    assert f'Route("{path}"' in Path(health.__file__).read_text()


def test_the_health_check_is_valid_python() -> None:
    python = json.loads(all_of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert python[:2] == ["python", "-c"]
    compile(python[2], "Dockerfile", "exec")


def test_every_copied_file_exists_and_is_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text().split()
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert "*" in rules
    for rest in all_of("COPY"):
        *sources, _ = rest.split()
        if sources[0].startswith("--from="):
            assert sources[0].partition("=")[2] in [stage[-1] for stage in stages()]
            continue
        for source in sources:
            assert (ROOT / source).exists(), source
            assert {source, Path(source).parts[0]} & allowed, source
    for rule in allowed:
        assert (ROOT / rule).exists(), rule


def test_the_image_is_built_from_pinned_packages_and_does_not_run_as_root() -> None:
    runs = " ".join(all_of("RUN"))
    lock = (ROOT / "requirements/app.lock").read_text()
    assert "--require-hashes -r requirements/app.lock" in runs
    assert "--hash=sha256:" in lock
    assert "fiftyone" not in lock  # no MongoDB in the image
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", all_of("USER")[-1])


def test_node_and_python_are_as_new_as_the_packages_require() -> None:
    web = ROOT / "api/playground/web"
    package = json.loads((web / "package.json").read_text())
    images = {stage[0].partition(":")[0]: stage[0] for stage in stages()}
    node = int(re.findall(r"node:(\d+)", images["node"])[0])
    assert node >= int(package["engines"]["node"].removeprefix(">="))
    assert "build" in package["scripts"]
    python = re.findall(r"python:(\d+)\.(\d+)", images["python"])[0]
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert tuple(map(int, python)) >= tuple(map(int, required.removeprefix(">=").split(".")))


def test_the_services_wait_for_a_replica_set() -> None:
    mongodb = SERVICES["mongodb"]
    name = mongodb["command"][mongodb["command"].index("--replSet") + 1]
    check = mongodb["healthcheck"]
    assert f'_id: "{name}"' in check["test"][-1]
    assert 'host: "mongodb:27017"' in check["test"][-1]
    # The first election takes up to 12 s.
    interval = int(SECONDS.fullmatch(check["interval"])[1])  # type: ignore[index]
    assert interval * check["retries"] > 12
    for service in OURS.values():
        uri = service["environment"]["NEWSGRAPH_MONGODB_URI"]
        assert uri == f"mongodb://mongodb:27017/?replicaSet={name}"
        assert service["depends_on"] == {"mongodb": {"condition": "service_healthy"}}
    assert "ports" not in mongodb
    assert [volume.split(":")[0] for volume in mongodb["volumes"]] == list(COMPOSE["volumes"])


def test_load_runs_only_on_request_and_reads_a_mounted_folder() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["load"]
    host, container = re.findall(r"\$\{CONTENT:-(.*?)\}:(/\w+):ro", SERVICES["load"]["volumes"][0])[
        0
    ]
    assert SERVICES["load"]["command"][1] == container
    assert (ROOT / host).is_dir()
    pictures, mounted, _ = SERVICES["api"]["volumes"][0].split(":")
    assert (ROOT / pictures).is_dir()
    assert SERVICES["api"]["environment"]["NEWSGRAPH_MEDIA_DIR"] == mounted
