"""Following the corpus: after any history, with the follower killed anywhere, the index has it.

Covers `follower` and `following`.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database
from pymongo.errors import AutoReconnect
from tantivy import Query

from store.audience import Audience
from store.changes import COLLECTION
from store.connection import connect_blocking
from store.documents import Document
from store.embedded import embedded_mongod
from store.search.fields import id_in, open_index
from store.search.folder import SearchFolder
from store.search.follower import NOTHING, Follower
from store.search.following import follow
from store.search.interface import Place
from store.search.status import Activity, FollowerStatus
from store.search.writer import IndexWriter, read_place
from store.writing.session import Session
from tests.store.writing.offers import change, id_of, item

TITLES = ("apple", "banana", "cherry")
WITHIN_S = 60


class _Killed(BaseException):
    """The end of a process."""


@pytest.fixture
def database(mongod: str, database_name: str) -> Iterator[Database[Any]]:
    with connect_blocking(mongod) as client:
        yield client[database_name]


@pytest.fixture
def folder(tmp_path: Path) -> SearchFolder:
    return SearchFolder.of(tmp_path, "news")


@pytest.fixture
def followed(mongod: str, database: Database[Any], folder: SearchFolder) -> "Followed":
    """Follow until the index is as new as the corpus; return what was reported meanwhile."""
    return _followed(mongod, database, folder)


def _followed(uri: str, database: Database[Any], folder: SearchFolder) -> "Followed":
    def is_current() -> bool:
        with contextlib.suppress(AutoReconnect):
            return _is_current(database, folder)
        return False

    def followed(meanwhile: Callable[[], None] = lambda: None) -> list[FollowerStatus]:
        reported: list[FollowerStatus] = []
        write = FollowerStatus.write

        def note(status: FollowerStatus, path: Path) -> None:
            reported.append(status)
            write(status, path)

        async def until_done() -> None:
            following = asyncio.ensure_future(follow(uri, database.name, folder))
            await asyncio.to_thread(meanwhile)
            while not (following.done() or await asyncio.to_thread(is_current)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following

        folder.status.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FollowerStatus, "write", note)
            asyncio.run(asyncio.wait_for(until_done(), WITHIN_S))
        return reported

    return followed


def _is_current(database: Database[Any], folder: SearchFolder) -> bool:
    status = FollowerStatus.read(folder.status)
    corpus = database["meta"].find_one({"_id": "corpus"}) or {"version": 0}
    following = status is not None and status.activity is Activity.FOLLOWING
    return following and status is not None and status.version == corpus["version"]


def _load(database: Database[Any], **titles: str | None) -> None:
    """Load items of these names and titles; None removes one, a capital one is unpublished."""
    session = Session(database)
    session.prepare()
    for name, title in titles.items():
        if title is None:
            session.remove([id_of(f"{name}.md")])
        else:
            document = item(name, title=title.lower(), published=title.islower())
            session.apply([change(f"{name}.md", document)])
    session.finish()


def _indexed(folder: SearchFolder, audience: Audience) -> dict[str, str]:
    """Return the titles in the index by id."""
    index = open_index(folder.index, audience)
    searcher = index.searcher()
    found: dict[str, str] = {}
    for title in TITLES:
        hits = searcher.search(Query.term_query(index.schema, "title_words", title), 100).hits
        for _, address in hits:
            id_ = id_in(searcher.doc(address)["newest"][0])
            assert id_ not in found
            found[id_] = title
    return found


def _stored(database: Database[Any], audience: Audience) -> dict[str, str]:
    visible = database["items"].find({"published": {"$in": [*audience.sees]}})
    return {item["_id"]: item["title"] for item in visible}


def _assert_equal(database: Database[Any], folder: SearchFolder) -> None:
    for audience in Audience:
        assert _indexed(folder, audience) == _stored(database, audience)


Followed = Callable[..., list[FollowerStatus]]


def _activities(reported: list[FollowerStatus]) -> set[Activity]:
    return {status.activity for status in reported}


def test_an_index_is_built_once_and_then_follows(
    database: Database[Any], folder: SearchFolder, followed: Followed
) -> None:
    _load(database, a="apple", b="BANANA")
    reported = followed()
    assert Activity.BUILDING in _activities(reported)
    assert reported[-1].version == 1
    _assert_equal(database, folder)

    _load(database, a="APPLE", b="cherry", c="banana")
    _load(database, a=None)
    reported = followed(meanwhile=lambda: _load(database, b="BANANA", d="apple"))
    assert Activity.BUILDING not in _activities(reported)
    _assert_equal(database, folder)


def test_an_empty_corpus_is_followed_from_its_beginning(
    database: Database[Any], folder: SearchFolder, followed: Followed
) -> None:
    followed()
    assert _indexed(folder, Audience.EDITOR) == {}
    _load(database, a="apple")
    followed()
    _assert_equal(database, folder)


def _drop(database: Database[Any]) -> None:
    database.client.drop_database(database.name)
    _load(database, b="banana")


def _forget_changes(database: Database[Any]) -> None:
    _load(database, a="cherry", b="banana")
    database[COLLECTION].delete_many({})


@pytest.mark.parametrize("lose", [_drop, _forget_changes])
def test_an_index_whose_place_is_gone_is_emptied_at_once_and_built_again(
    database: Database[Any],
    folder: SearchFolder,
    followed: Followed,
    monkeypatch: pytest.MonkeyPatch,
    lose: Callable[[Database[Any]], None],
) -> None:
    _load(database, a="apple")
    followed()
    lose(database)
    seen: list[tuple[Place | None, dict[str, str]]] = []
    build = Follower._all_items

    def look_then_build(follower: Follower) -> Any:
        public = Audience.PUBLIC
        seen.append((read_place(open_index(folder.index, public)), _indexed(folder, public)))
        return build(follower)

    monkeypatch.setattr(Follower, "_all_items", look_then_build)
    followed()
    assert seen == [(NOTHING, {})]
    _assert_equal(database, folder)


@pytest.mark.parametrize(
    ("work", "when", "step"),
    [
        ("build", "after", "clear"),
        ("build", "after", "replace"),
        ("build", "before", "commit"),
        ("build", "after", "commit"),
        ("follow", "after", "replace"),
        ("follow", "after", "remove"),
        ("follow", "after", "commit"),
        ("build again", "before", "clear"),
        ("build again", "before", "commit"),
        ("build again", "after", "commit"),
    ],
)
def test_a_follower_that_is_killed_is_continued_by_the_next(
    database: Database[Any],
    folder: SearchFolder,
    followed: Followed,
    monkeypatch: pytest.MonkeyPatch,
    work: str,
    when: str,
    step: str,
) -> None:
    _load(database, a="apple", b="banana")
    if work != "build":
        followed()
        _load(database, a=None, b="BANANA", c="cherry")
    if work == "build again":
        _forget_changes(database)
    killed = getattr(IndexWriter, step)

    def kill(*arguments: Any) -> None:
        if when == "after":
            killed(*arguments)
        raise _Killed

    monkeypatch.setattr(IndexWriter, step, kill)
    with contextlib.suppress(_Killed):
        followed()
    monkeypatch.undo()

    followed()
    _assert_equal(database, folder)
    for audience in Audience:
        assert (read_place(open_index(folder.index, audience)) or NOTHING).version > 0


_change = st.dictionaries(
    st.sampled_from("abcd"),
    st.one_of(st.none(), st.sampled_from([*TITLES, *map(str.upper, TITLES)])),
    max_size=3,
)


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(st.tuples(_change, st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_after_any_history_the_index_has_the_corpus(
    database: Database[Any],
    folder: SearchFolder,
    followed: Followed,
    history: list[tuple[dict[str, str | None], bool, bool]],
) -> None:
    database.client.drop_database(database.name)
    for titles, is_followed, is_concurrent in history:
        load = [lambda titles=titles: _load(database, **titles)]
        if not is_concurrent:
            load.pop()()
        if is_followed:
            followed(meanwhile=load.pop() if load else lambda: None)
        elif load:
            load.pop()()
    followed()
    _assert_equal(database, folder)


@pytest.mark.slow
@pytest.mark.parametrize("work", ["build", "follow"])
def test_a_follower_goes_on_when_mongodb_was_killed(
    tmp_path: Path, folder: SearchFolder, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    with (
        embedded_mongod(tmp_path / "data") as uri,  # which starts it again
        connect_blocking(uri) as client,
    ):
        database = client["news"]
        _load(database, a="apple", b="BANANA")
        follow_until_done = _followed(uri, database, folder)
        if work == "follow":
            follow_until_done()
            _load(database, a="cherry", c="banana")
        replace = IndexWriter.replace

        def kill_then_replace(writer: IndexWriter, items: Iterable[Document]) -> None:
            monkeypatch.undo()
            os.kill(client.admin.command("serverStatus")["pid"], signal.SIGKILL)
            replace(writer, items)

        monkeypatch.setattr(IndexWriter, "replace", kill_then_replace)
        follow_until_done()
        _assert_equal(database, folder)
        _load(database, b="apple")
        follow_until_done()
        _assert_equal(database, folder)


def test_an_index_that_cannot_be_opened_is_built_again(
    database: Database[Any],
    folder: SearchFolder,
    followed: Followed,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _load(database, a="apple")
    followed()
    for meta in folder.index.rglob("meta.json"):
        meta.write_text("{")
    with caplog.at_level(logging.ERROR):
        followed()
    assert "cannot be opened; it is built again" in caplog.text
    _assert_equal(database, folder)


def test_a_follower_waits_for_a_folder_that_another_one_writes(
    database: Database[Any], folder: SearchFolder, followed: Followed
) -> None:
    _load(database, a="apple")
    other = IndexWriter(folder.index)
    reported = followed(meanwhile=lambda: _close_later(other))
    waiting = [status for status in reported if status.activity is Activity.WAITING]
    assert "Another process writes the search index" in waiting[0].problem
    _assert_equal(database, folder)


def _close_later(writer: IndexWriter) -> None:
    time.sleep(0.3)
    writer.close()


def test_a_follower_waits_for_mongodb(folder: SearchFolder) -> None:
    uri = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=20"

    async def until_reported() -> FollowerStatus:
        following = asyncio.ensure_future(follow(uri, "news", folder))
        while not ((status := FollowerStatus.read(folder.status)) and status.problem):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        return status

    status = asyncio.run(asyncio.wait_for(until_reported(), WITHIN_S))
    assert str(status) == "waits: MongoDB is not responding; try again in a few seconds."
