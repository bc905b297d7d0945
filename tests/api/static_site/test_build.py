"""Queries answered into files: which are written, which are left alone (`state`), pages, errors."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import HealthCheck, given, settings
from strawberry.types.execution import ExecutionResult

from api.static_site.build import BuildReport, build
from api.static_site.entries import Entry
from api.static_site.state import FILE, read_state
from store.audience import Audience
from tests.schema.newsroom import Newsroom, item
from tests.schema.test_audiences import ANYTHING_GOES, MARK, Corpus, corpora, questions

pytestmark = pytest.mark.anyio


def entry(name: str, has_pages: bool = False, **variables: Any) -> Entry:
    return Entry(name, "{ hello }", variables, f"{name}.graphql", has_pages)


class Answers:
    """Answers with what the test sets, and counts."""

    def __init__(self) -> None:
        self.data: Any = {"hello": "world"}
        self.asked: list[Mapping[str, Any]] = []
        self.error: str | None = None

    async def __call__(self, _: str, variables: Mapping[str, Any]) -> ExecutionResult:
        self.asked.append(dict(variables))
        if self.error:
            return ExecutionResult(None, [GraphQLError(self.error)])
        data = self.data(variables) if callable(self.data) else self.data
        return ExecutionResult(data, None)


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return tuple(  # type: ignore[return-value]
        len(files) for files in (report.written, report.unchanged, report.removed, report.failed)
    )


async def test_only_what_changed_is_asked_for_and_written(tmp_path: Path) -> None:
    answers = Answers()
    entries = [entry("a"), entry("b/c", n=1)]
    assert counts(await build(entries, tmp_path, answers, "1")) == (2, 0, 0, 0)
    assert json.loads((tmp_path / "b/c.json").read_bytes()) == {"data": {"hello": "world"}}
    written = (tmp_path / "a.json").stat().st_mtime_ns

    assert counts(await build(entries, tmp_path, answers, "1")) == (0, 2, 0, 0)
    assert len(answers.asked) == 2  # nothing was asked again
    entries[1] = entry("b/c", n=2)
    assert counts(await build(entries, tmp_path, answers, "1")) == (0, 2, 0, 0)
    assert answers.asked[2:] == [{"n": 2}]
    assert counts(await build(entries, tmp_path, answers, "2")) == (0, 2, 0, 0)
    assert len(answers.asked) == 5  # a new corpus: asked, but the same
    assert (tmp_path / "a.json").stat().st_mtime_ns == written

    answers.data = {"hello": "again"}
    assert counts(await build(entries[:1], tmp_path, answers, "3")) == (1, 0, 1, 0)
    assert not (tmp_path / "b/c.json").exists()
    (tmp_path / "a.json").unlink()
    assert counts(await build(entries[:1], tmp_path, answers, "3")) == (1, 0, 0, 0)


async def test_pages_follow_their_cursors_and_go_when_there_are_fewer(tmp_path: Path) -> None:
    answers = Answers()
    pages = 3

    def page(variables: Mapping[str, Any]) -> Any:
        number = int(variables.get("after") or 1)
        info = {"hasNextPage": number < pages, "endCursor": str(number + 1)}
        return {"items": {"number": number, "pageInfo": info}}

    answers.data = page
    report = await build([entry("list", has_pages=True)], tmp_path, answers, "1")
    assert report.written == ["list.json", "list/page/2.json", "list/page/3.json"]
    third = json.loads((tmp_path / "list/page/3.json").read_bytes())
    assert third["data"]["items"]["number"] == 3
    pages = 2
    report = await build([entry("list", has_pages=True)], tmp_path, answers, "2")
    assert report.removed == ["list/page/3.json"]
    assert counts(await build([entry("list")], tmp_path, answers, "3")) == (0, 1, 1, 0)


async def test_an_answer_with_errors_leaves_its_file_and_is_tried_again(tmp_path: Path) -> None:
    answers = Answers()
    await build([entry("a")], tmp_path, answers, "1")
    answers.error = "out of order"
    report = await build([entry("a")], tmp_path, answers, "2")
    assert report.failed == ["a.graphql: a: out of order"]
    assert (tmp_path / "a.json").exists()
    answers.error = None
    assert counts(await build([entry("a")], tmp_path, answers, "2")) == (0, 1, 0, 0)


async def test_a_state_that_was_tampered_with_deletes_nothing_outside(tmp_path: Path) -> None:
    site = tmp_path / "site"
    outside = tmp_path / "precious.txt"
    outside.write_text("mine")
    answers = Answers()
    await build([entry("a")], site, answers, "1")
    state = json.loads((site / FILE).read_bytes())
    state["entries"]["b"] = {"key": "", "files": ["../precious.txt", os.fspath(outside)]}
    (site / FILE).write_text(json.dumps(state))
    await build([entry("a")], site, answers, "1")
    assert outside.read_text() == "mine"
    (site / FILE).write_text("{broken")
    assert read_state(site).entries == {}
    assert counts(await build([entry("a")], site, answers, "1")) == (0, 1, 0, 0)


@pytest.fixture
async def newsroom(mongod: str, database_name: str) -> AsyncIterator[Newsroom]:
    """A newsroom in the test's database."""
    made = Newsroom(mongod, database_name)
    yield made
    await made.close()


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(corpus=corpora())
async def test_no_file_for_the_public_reveals_an_unpublished_item(
    newsroom: Newsroom, tmp_path: Path, corpus: Corpus
) -> None:
    secret = item("hidden", title=f"{MARK} title", published=False)
    Corpus([*corpus.items, secret], corpus.definitions).stored_in(newsroom)
    entries = [
        Entry(f"q{number}", query, variables, "", has_pages="after" not in variables)
        for number, (query, variables) in enumerate(questions(corpus))
    ]

    def files(audience: Audience) -> Any:
        async def answer(query: str, variables: Mapping[str, Any]) -> ExecutionResult:
            result: ExecutionResult = await newsroom.answer(
                query, audience, limits=ANYTHING_GOES, **variables
            )
            return result

        return build(entries[:8], tmp_path / audience, answer, "1")

    await files(Audience.PUBLIC)
    await files(Audience.EDITOR)
    texts = {
        audience: "".join(path.read_text() for path in (tmp_path / audience).rglob("*.json"))
        for audience in Audience
    }
    assert MARK not in texts[Audience.PUBLIC]
    assert MARK in texts[Audience.EDITOR]
