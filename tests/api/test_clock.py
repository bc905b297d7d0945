"""Publishing by the clock in servers: several workers, a night without any, users who only read."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pymongo import MongoClient

from api.clock import ClockTask
from loaders.load import load
from loaders.options import Options
from store.errors import Refused, Unavailable
from store.writing.clock import Tick
from tests.api.servers import Start, ask, until
from tests.loaders.conftest import write

QUERY = """{ corpus { itemCount } items { totalCount nodes { title } } a: item(slug: "a") { title }
    topics { nodes { name itemCount } } authors { totalCount } }"""
PUBLIC = {"NEWSGRAPH_AUDIENCE": "public"}


class Gate:
    """What reads from the store, in place of it."""

    is_current = True


def _post(folder: Path, name: str, **fields: datetime) -> None:
    lines = [f"{key}: {value.isoformat()}" for key, value in fields.items()]
    text = "\n".join([f"title: {name}", f"topics: {name} topic", f"authors: {name} hand", *lines])
    write(folder / f"{name}.md", f"---\n{text}\n---\n")


def _load(folder: Path, mongod: str, database: str) -> None:
    load([str(folder)], uri=mongod, database=database, options=Options(jobs=1))


@pytest.mark.slow
def test_all_workers_publish_at_the_second_and_take_back_at_another(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    _post(tmp_path, "b")
    _load(tmp_path, mongod, database_name)
    _, url = serve("--workers", "2", **PUBLIC)
    start = datetime.now(UTC) + timedelta(seconds=5)  # it is loaded by then
    end = start + timedelta(seconds=5)
    _post(tmp_path, "a", date=start, expiryDate=end)
    _load(tmp_path, mongod, database_name)

    def is_shown() -> bool:
        answer = ask(url, QUERY)["data"]
        has_started = datetime.now(UTC) >= start
        count = answer["corpus"]["itemCount"]
        assert (answer["a"] is not None) == (count == 2) or has_started
        assert has_started or ("a topic" not in str(answer) and count == 1)
        return bool(count == 2)

    until(is_shown)
    # Each request is a new connection, so that several reach both workers.
    until(lambda: not any(is_shown() for _ in range(20)))
    assert datetime.now(UTC) >= end
    with MongoClient[dict[str, object]](mongod) as client:
        meta = client[database_name]["meta"].find_one({"_id": "corpus"})
        assert meta
        assert meta["version"] == 4  # one worker of all raised it each time


def test_after_a_night_without_a_server_the_first_response_is_right(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    tomorrow = now + timedelta(days=1)
    for number in range(300):
        _post(tmp_path, f"i{number}", date=tomorrow)
    _post(tmp_path, "a", date=tomorrow)
    _post(tmp_path, "b", expiryDate=tomorrow)
    _load(tmp_path, mongod, database_name)
    with MongoClient[dict[str, object]](mongod) as client:  # the night passes
        items = client[database_name]["items"]
        past = now - timedelta(hours=1)
        items.update_many(
            {"publishedDateTime": {"$gt": now}},
            {"$set": {"publishedDateTime": past, "turnsAt": past}},
        )
        items.update_many(
            {"unpublishDateTime": {"$gt": now}},
            {"$set": {"unpublishDateTime": past, "turnsAt": past}},
        )
    _, url = serve("--workers", "2", **PUBLIC)
    answers = [ask(url, QUERY)["data"] for _ in range(6)]
    assert {answer["corpus"]["itemCount"] for answer in answers} == {301}
    assert all(answer["a"] and answer["items"]["totalCount"] == 301 for answer in answers)


def test_editors_can_ask_for_what_the_public_sees(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    _post(tmp_path, "a", date=datetime.now(UTC) + timedelta(days=1))
    _post(tmp_path, "b")
    _load(tmp_path, mongod, database_name)
    _, url = serve()
    query = {"query": "{ corpus { itemCount } items { nodes { title status } } }"}
    own = httpx.post(f"{url}/graphql", json=query)
    assert own.json()["data"]["corpus"]["itemCount"] == 2
    headers = {"newsgraph-audience": "Public"}
    public = httpx.post(f"{url}/graphql", json=query, headers=headers)
    assert public.json()["data"] == {
        "corpus": {"itemCount": 1},
        "items": {"nodes": [{"title": "b", "status": "PUBLISHED"}]},
    }
    assert "Newsgraph-Audience" in public.headers["vary"]
    assert "Newsgraph-Audience" in own.headers["vary"]


def test_the_future_can_be_shown(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    _post(tmp_path, "a", date=datetime.now(UTC) + timedelta(days=1))
    _load(tmp_path, mongod, database_name)
    _, url = serve(**PUBLIC, NEWSGRAPH_FUTURE="show")
    assert ask(url, QUERY)["data"]["corpus"]["itemCount"] == 1
    _load(tmp_path, mongod, database_name)  # without the setting
    until(lambda: bool(ask(url, QUERY)["data"]["corpus"]["itemCount"] == 1))


@pytest.mark.anyio
async def test_the_gate_is_shut_until_the_corpus_has_caught_up() -> None:
    gate = Gate()
    ticks = iter([Tick(None, is_behind=True), Tick(None, is_behind=True), Tick(None)])
    shut: list[bool] = []

    def tick() -> Tick:
        shut.append(not gate.is_current)
        return next(ticks, Tick(None))

    async with ClockTask(tick, lambda: None, gate).running():
        assert gate.is_current
    assert shut[:3] == [True, True, True]


@pytest.mark.anyio
async def test_while_mongodb_is_away_the_gate_is_shut_but_the_server_starts() -> None:
    gate = Gate()
    away = True

    def tick() -> Tick:
        if away:
            raise Unavailable("away")
        return Tick(None)

    async with ClockTask(tick, lambda: None, gate).running():
        assert not gate.is_current
        away = False
        async with asyncio.timeout(60):
            while not gate.is_current:  # noqa: ASYNC110 (it has no event)
                await asyncio.sleep(0.01)


@pytest.mark.anyio
@pytest.mark.parametrize("error", [Refused("not authorized"), ValueError("a bug")])
async def test_what_waiting_does_not_mend_does_not_stop_the_server(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()

    def tick() -> Tick:
        raise error

    async with ClockTask(tick, lambda: None, gate).running():
        assert gate.is_current
    assert "Publishing by the clock" in caplog.text


@pytest.mark.anyio
async def test_it_looks_again_when_the_next_item_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.clock.EVERY_S", 3600)
    looks = 0
    turns = datetime.now(UTC) + timedelta(seconds=0.3)
    has_turned = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tick() -> Tick:
        nonlocal looks
        looks += 1
        if datetime.now(UTC) < turns:
            return Tick(turns)
        loop.call_soon_threadsafe(has_turned.set)
        return Tick(None)

    async with ClockTask(tick, lambda: None, Gate()).running():
        await asyncio.wait_for(has_turned.wait(), 60)
    assert looks < 10  # it slept in between
