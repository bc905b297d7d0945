"""Searches of a real server while its follower builds the index, writes it, and is stopped."""

import fcntl
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders.load import load
from loaders.options import Options
from store.search.folder import SearchFolder
from tests.api.servers import Start, ask, children_of, until

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes in /proc"
)

Write = Callable[..., None]
SEARCH = '{ items(filter: { search: "harbor" }) { nodes { title } } }'
LIST = "{ items { totalCount } }"
_HIGHLIGHTS = 'nodes { title highlights(search: "sesame") { pieces { text } } }'
ANYTHING = (
    f'{{ items(filter: {{ search: "sesame" }}) {{ {_HIGHLIGHTS} }} }}',
    '{ items(filter: { search: "sesame" }) { totalCount facets { categories { count } } } }',
    '{ items(filter: { search: "sesaem" }) { didYouMean } }',
    '{ suggest(prefix: "ses") { text } }',
)


@pytest.fixture
def folder(tmp_path: Path, database_name: str) -> SearchFolder:
    folder = SearchFolder.of(tmp_path / "data", database_name)
    folder.make()
    return folder


@pytest.fixture
def write(mongod: str, database_name: str, tmp_path: Path) -> Write:
    """Write files by name and title, and load them; a title in capitals is a draft's."""
    root = tmp_path / "site"
    root.mkdir()

    def write(**titles: str) -> None:
        for name, title in titles.items():
            text = f"---\ntitle: {title}\ndraft: {str(title.isupper()).lower()}\n---\n"
            (root / f"{name}.md").write_text(text)
        options = Options(jobs=1, text_index=False)
        load([str(root)], uri=mongod, database=database_name, options=options)

    return write


@pytest.fixture
def start(serve: Start, tmp_path: Path) -> Start:
    data_dir = str(tmp_path / "data")
    return lambda: serve(
        NEWSGRAPH_SEARCH="tantivy", NEWSGRAPH_DATA_DIR=data_dir, NEWSGRAPH_AUDIENCE="public"
    )


def titles(url: str) -> list[str] | str:
    """Return the titles that a search finds, or the code of its error."""
    response: dict[str, Any] = ask(url, SEARCH)
    if "errors" in response:
        return str(response["errors"][0]["extensions"]["code"])
    return sorted(node["title"] for node in response["data"]["items"]["nodes"])


def test_a_search_finds_what_was_loaded_last(start: Start, write: Write) -> None:
    write(a="Harbor One", b="HARBOR DRAFT", c="Inland")
    _, url = start()
    until(lambda: titles(url) == ["Harbor One"])
    write(a="HARBOR ONE", c="Harbor Two")
    until(lambda: titles(url) == ["Harbor Two"])


def test_searches_fail_and_lists_work_while_there_is_no_index(
    start: Start, write: Write, folder: SearchFolder
) -> None:
    write(a="Harbor One")
    with folder.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # so that nobody builds it
        _, url = start()
        until(lambda: ask(url, LIST) == {"data": {"items": {"totalCount": 1}}})
        assert titles(url) == "UNAVAILABLE"
    until(lambda: titles(url) == ["Harbor One"])


@pytest.mark.slow
def test_an_index_that_a_killed_follower_left_tells_nothing_of_what_was_unpublished(
    start: Start, write: Write, folder: SearchFolder
) -> None:
    write(a="Harbor Sesame", b="Inland")
    process, url = start()
    told = "".join(str(ask(url, query)) for query in ANYTHING)
    assert "'totalCount': 1" in told
    assert told.lower().count("sesame") >= 4  # in its title, highlighted, suggested and meant
    (follower,) = children_of(process, "api.follower_main")
    os.kill(process.pid, signal.SIGKILL)
    os.kill(follower, signal.SIGKILL)
    with folder.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # so that no other one goes on
        write(a="HARBOR SESAME")
        _, url = start()
        until(lambda: ask(url, LIST) == {"data": {"items": {"totalCount": 1}}})
        for query in ANYTHING:
            told = str(ask(url, query))
            assert "UNAVAILABLE" in told
            assert "Sesame" not in told


@pytest.mark.slow
def test_an_index_that_is_not_written_any_more_answers_nothing(start: Start, write: Write) -> None:
    write(a="Harbor One")
    process, url = start()
    until(lambda: titles(url) == ["Harbor One"])
    (follower,) = children_of(process, "api.follower_main")
    os.kill(follower, signal.SIGSTOP)
    write(a="Inland", b="Harbor Two")
    until(lambda: titles(url) == "UNAVAILABLE")
    assert ask(url, LIST) == {"data": {"items": {"totalCount": 2}}}
    os.kill(follower, signal.SIGCONT)
    until(lambda: titles(url) == ["Harbor Two"])
