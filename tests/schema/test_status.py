"""Scheduled items: whatever the public asks, one second before and after; what editors see."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.audience import Audience
from store.documents import Document
from store.schedule import scheduled
from store.writing.clock import SharedClock
from tests.schema.newsroom import Newsroom, item
from tests.schema.test_audiences import MARK, Corpus, questions, told

pytestmark = pytest.mark.anyio

_VERSION = re.compile(r'"version": \d+, "updatedDateTime": (?:null|"[^"]*")')
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
END = START + timedelta(days=1)
SECOND = timedelta(seconds=1)


def _embargoed() -> Document:
    made = item(
        "i0",
        title=f"{MARK} title",
        date=START,
        unpublishDateTime=END,
        body=f"{MARK} body",
        category=f"{MARK} category",
        tags=[f"{MARK} tag"],
        topics=[f"{MARK} topic", "Tides"],
        authors=[f"{MARK} hand"],
        images=[{"url": f"https://img.example/{MARK}", "isCached": False}],
        related=["i1"],
        provider="one.example",
    )
    made["provider"] |= {"name": f"{MARK} press"}
    return made


def _stored(made: Document, now: datetime) -> Document:
    return {**scheduled(made, now), "source": {"file": "f", "content": made["_id"]}}


async def _answers(newsroom: Newsroom, corpus: Corpus) -> list[str]:
    answers = [await told(newsroom, *question, Audience.PUBLIC) for question in questions(corpus)]
    return [_VERSION.sub("", answer) for answer in answers]


@pytest.fixture
async def clean(mongod: str) -> AsyncIterator[Newsroom]:
    """A newsroom for what the answers should be."""
    made = Newsroom(mongod, "test_newsroom_clean")
    yield made
    made.clear()
    await made.close()


async def test_no_way_to_ask_shows_an_item_a_second_too_early_or_too_late(
    newsroom: Newsroom, clean: Newsroom
) -> None:
    now = START - SECOND
    embargoed, other = _embargoed(), item("i1", related=["i0"], topics=["Tides"])
    corpus = Corpus([_stored(embargoed, now), _stored(other, now)], [])
    corpus.stored_in(newsroom)
    clock = SharedClock(
        newsroom.blocking, newsroom.database.name, shows_future=False, now=lambda: now
    )

    Corpus([other], []).stored_in(clean)
    without = await _answers(clean, corpus)
    Corpus([embargoed, other], []).stored_in(clean)
    with_it = await _answers(clean, corpus)
    assert MARK not in "".join(without)
    assert MARK in "".join(with_it)

    for now, expected in (
        (START - SECOND, without),
        (START, with_it),
        (END - SECOND, with_it),
        (END, without),
    ):
        clock.tick()
        newsroom.store.known_labels.forget()  # as a new version of the corpus does
        assert await _answers(newsroom, corpus) == expected, now


async def test_editors_see_the_status_and_filter_by_it(newsroom: Newsroom) -> None:
    now = START
    newsroom.put(
        _stored(item("draft", published=False), now),
        _stored(item("scheduled", date=now + SECOND), now),
        _stored(item("published"), now),
        _stored(item("expired", unpublishDateTime=now), now),
        item("of an older version", published=False),
    )
    query = """query ($in: [ItemStatus!]) {
        items(filter: {statuses: $in}) { nodes { title status } totalCount } }"""

    async def found(*statuses: str, audience: Audience = Audience.EDITOR) -> dict[str, str]:
        items = (await newsroom.ask(query, audience, **{"in": statuses}))["items"]
        assert items["totalCount"] == len(items["nodes"])
        return {node["title"].removeprefix("Story "): node["status"] for node in items["nodes"]}

    every = await found()
    assert every == {
        "draft": "DRAFT",
        "scheduled": "SCHEDULED",
        "published": "PUBLISHED",
        "expired": "EXPIRED",
        "of an older version": "DRAFT",
    }
    for status in ("SCHEDULED", "PUBLISHED", "EXPIRED"):
        assert await found(status) == {status.lower(): status}
    some = await found("PUBLISHED", "EXPIRED")
    assert some == {"published": "PUBLISHED", "expired": "EXPIRED"}
    assert await found("PUBLISHED", audience=Audience.PUBLIC) == {"published": "PUBLISHED"}
    assert await found(audience=Audience.PUBLIC) == {"published": "PUBLISHED"}
    for statuses in (["EXPIRED"], ["PUBLISHED", "SCHEDULED"]):
        given: dict[str, Any] = {"in": statuses}
        code, _ = await newsroom.refusal(query, **given)
        assert code == "FORBIDDEN"


async def test_a_list_is_both_published_and_of_a_status(newsroom: Newsroom) -> None:
    newsroom.put(_stored(item("a"), START), _stored(item("b", published=False), START))
    query = "{ items(filter: {published: %s, statuses: [%s]}) { totalCount } }"
    for published, status, count in (
        ("false", "PUBLISHED", 0),
        ("true", "DRAFT", 0),
        ("false", "DRAFT", 1),
        ("true", "PUBLISHED", 1),
    ):
        answer = await newsroom.ask(query % (published, status), Audience.EDITOR)
        assert answer["items"]["totalCount"] == count
