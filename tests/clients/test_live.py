"""Clients that follow queries: graphql-sse, Apollo Client, urql, curl."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import Run
from tests.command import NEWSGRAPH, running

QUERY = "{ items(first: 1) { nodes { title } } }"


@pytest.fixture
def newsroom(
    mongod: str, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A server, and the environment for loading what it serves."""
    database = {"MONGODB_URI": mongod, "DATABASE": database_name}
    folder = tmp_path_factory.mktemp("news")
    cwd = tmp_path_factory.mktemp("served")
    with running("serve", cwd=cwd, AUDIENCE="public", **database) as origin:
        yield {
            "NEWSGRAPH_URL": f"{origin}/graphql",
            "NEWS_FOLDER": str(folder),
            "NEWSGRAPH": NEWSGRAPH,
            **{f"NEWSGRAPH_{name}": value for name, value in database.items()},
        }


@pytest.mark.slow  # each of a dozen loads is a process
def test_client_libraries_follow_queries(run: Run, newsroom: dict[str, str]) -> None:
    environment = [f"{name}={value}" for name, value in newsroom.items()]
    assert "# fail 0" in run("env", *environment, "node", "--test", "live/live.test.mjs")


def test_curl_follows_a_query(newsroom: dict[str, str]) -> None:
    environment = {**os.environ, **newsroom}

    def publish(title: str) -> None:
        text = f"---\ntitle: {title}\n---\n"
        (Path(newsroom["NEWS_FOLDER"]) / f"{title}.md").write_text(text)
        load = [NEWSGRAPH, "load", newsroom["NEWS_FOLDER"]]
        subprocess.run(load, env=environment, check=True, capture_output=True)

    publish("b")
    accept = ["-H", "accept: text/event-stream"]
    command = ["curl", "-sSN", "-G", *accept, newsroom["NEWSGRAPH_URL"]]
    with subprocess.Popen(
        [*command, "--data-urlencode", f"query={QUERY}"], stdout=subprocess.PIPE, text=True
    ) as curl:
        assert curl.stdout
        data = (line for line in curl.stdout if line.startswith("data:"))
        assert '"title":"b"' in next(data)
        publish("a")
        assert '"title":"a"' in next(data)
        curl.terminate()
