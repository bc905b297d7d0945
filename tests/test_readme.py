"""The README is true: its commands and queries run, its table is complete, its links exist."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.commands.group import COMMANDS
from tests.command import NEWSGRAPH, environment, running

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Return the words of each command in the shell blocks, without its comment."""
    lines = "".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines]


def commands_of(program: str) -> list[list[str]]:
    """Return the commands that run one program, of which there must be some."""
    found = [command for command in commands() if Path(command[0]).name == program]
    assert found
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a running `newsgraph demo`."""
    with running("demo", cwd=tmp_path_factory.mktemp("demo")) as origin:
        yield origin


def data_of(response: str) -> dict[str, Any]:
    """Return the data of a response, which must have no errors."""
    read: dict[str, Any] = json.loads(response)
    assert "errors" not in read
    data: dict[str, Any] = read["data"]
    return data


def test_every_command_runs_a_program_that_is_tested_here() -> None:
    assert {Path(command[0]).name for command in commands()} == {"make", "curl", "newsgraph"}


def test_every_make_target_exists() -> None:
    named = {target for _, target in commands_of("make")} | set(re.findall(r"`make (\w+)`", README))
    for target in named:
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", commands_of("curl"))
def test_every_curl_command_returns_data(command: list[str], demo: str) -> None:
    here = [word.replace(ADDRESS, demo) for word in command]
    assert here != command
    data = data_of(subprocess.check_output(here, text=True))
    assert all(data.values())


@pytest.mark.parametrize("query", blocks("graphql"))
def test_every_query_returns_data(query: str, demo: str) -> None:
    data = data_of(httpx.post(f"{demo}/graphql", json={"query": query}).text)
    nodes = data["items"]["nodes"]
    assert len(nodes) == 5
    # The query demonstrates links in both directions, so the example content must have some.
    assert any(entry["item"]["relatedBy"]["nodes"] for node in nodes for entry in node["related"])


def test_the_item_is_checked_loaded_and_served(tmp_path: Path) -> None:
    folder = tmp_path / "path/to/items"
    folder.mkdir(parents=True)
    [item] = blocks("yaml")
    (folder / "2026-02-28-lighthouse.md").write_text(item)
    check, load, serve = (command[1:] for command in commands_of("newsgraph"))
    printed = {"check": "1 file: 1 document, ", "load": "1 file: 1 inserted, "}
    for arguments in (check, load):
        ended = subprocess.run(
            [NEWSGRAPH, *arguments], cwd=tmp_path, env=environment(), capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.startswith(printed[arguments[0]])
    query = "{ items { nodes { title provider { domain } topics { name } related { title } } } }"
    with running(*serve, cwd=tmp_path) as origin:
        data = data_of(httpx.post(f"{origin}/graphql", json={"query": query}).text)
    assert data["items"]["nodes"] == [
        {
            "title": "A lighthouse learns to listen",
            "provider": {"domain": "news.example.com"},
            "topics": [{"name": "Coast"}, {"name": "Sound"}],
            "related": [{"title": "How fog is measured"}],
        }
    ]


def test_a_bad_file_is_reported_as_shown(tmp_path: Path) -> None:
    [shown] = re.findall(r"^news/storm.md.*$", README, re.MULTILINE)
    file = tmp_path / "news/storm.md"
    file.parent.mkdir()
    file.write_text("---\ntitle: Storm\nlocale: en\nheat: high\n---\n")
    ended = subprocess.run(
        [NEWSGRAPH, "check", "news"], cwd=tmp_path, capture_output=True, text=True
    )
    assert ended.returncode == 0
    [line] = ended.stderr.splitlines()
    assert line.endswith(shown)


def test_the_table_of_commands_is_complete_and_its_options_exist() -> None:
    table = dict(
        re.findall(r"^\| `newsgraph ([a-z ]*[a-z])[^`]*` \| (.*) \|$", README, re.MULTILINE)
    )
    assert list(table) == list(COMMANDS)
    for command, what in table.items():
        explained = subprocess.check_output([NEWSGRAPH, *command.split(), "--help"], text=True)
        for option in re.findall(r"--[a-z-]+", what):
            assert f"{option} " in explained, f"newsgraph {command} has no {option}"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_every_link_leads_to_a_file(path: str) -> None:
    assert (ROOT / path).exists()
