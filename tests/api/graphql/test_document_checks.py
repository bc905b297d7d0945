"""The trusted documents are checked when the schema changes, while a server goes on serving."""

import asyncio
import logging
from pathlib import Path

import pytest

from api.documents.document import Document
from api.graphql.document_checks import MAX_LOGGED, DocumentChecks
from api.graphql.schemas import SiteSchemas
from loaders.load import load
from loaders.options import Options
from schema.schema import build_schema
from store.site_fields import SiteField
from tests.api.graphql.test_schemas import PRICE, FakeCorpus, known
from tests.api.servers import Start, ask, log_of, until
from tests.loaders.conftest import write

PRICES = Document(("Prices",), "query Prices { items { nodes { price } } }", "Prices.graphql")


@pytest.mark.anyio
async def test_each_new_schema_of_the_corpus_is_checked(caplog: pytest.LogCaptureFixture) -> None:
    corpus, checks = FakeCorpus(), DocumentChecks([PRICES])
    schemas = SiteSchemas(corpus.build, corpus, corpus, checks.start)

    async def warnings(version: int, site: int, *fields: SiteField) -> list[str]:
        caplog.clear()
        corpus.change(version, site, *fields)
        await known(schemas, version)
        assert checks._running is not None
        await checks._running
        return [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]

    async with schemas.following():
        assert checks._running is None  # the corpus is not known yet
        (problem,) = await warnings(1, 1)
        assert problem == (
            "The schema refuses a trusted document: Prices.graphql:1:32: Cannot query field "
            "'price' on type 'Item'."
        )
        assert await warnings(2, 2, PRICE) == []
        task = checks._running
        corpus.change(3, 2, PRICE)
        await known(schemas, 3)
        assert checks._running is task  # the same schema
        assert len(await warnings(4, 4)) == 1


@pytest.mark.anyio
async def test_a_new_check_takes_the_place_of_one_that_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "newsgraph.documents")
    checks = DocumentChecks([PRICES] * 30)
    checks.start(build_schema())
    first = checks._running
    await asyncio.sleep(0.01)
    checks.start(build_schema(site_fields=(PRICE,)))
    second = checks._running
    assert first is not None
    assert second is not None
    await second
    assert first.cancelled()
    assert [one.getMessage() for one in caplog.records if one.name == "newsgraph.documents"] == [
        "Checked 30 trusted documents on the schema"
    ]


@pytest.mark.anyio
async def test_the_problems_that_are_logged_are_bounded(caplog: pytest.LogCaptureFixture) -> None:
    checks = DocumentChecks([PRICES] * (MAX_LOGGED + 5))
    checks.start(build_schema())
    assert checks._running is not None
    await checks._running
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == MAX_LOGGED + 1
    assert warnings[-1] == "… and 5 more such problems"


def test_a_server_warns_when_a_site_file_takes_away_what_a_document_uses(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    root, options = tmp_path / "blog", Options(jobs=1)

    def load_with(site: str) -> None:
        write(root / "newsgraph.yaml", site)
        load([str(root)], uri=mongod, database=database_name, options=options)

    write(root / "a.md", "---\ntitle: A\nprice: '1'\n---\n")
    load_with("fields: {price: String}")
    documents = tmp_path / "documents"
    write(documents / "Prices.graphql", PRICES.text)
    process, url = serve(
        NEWSGRAPH_DOCUMENTS=str(documents), NEWSGRAPH_DOCUMENTS_MODE="only",
        NEWSGRAPH_LOG_FORMAT="text",
    )  # fmt: skip
    assert ask(url, PRICES.text) == {"data": {"items": {"nodes": [{"price": "1"}]}}}
    load_with("fields: {cost: String}")
    until(lambda: "errors" in ask(url, PRICES.text))
    for line in log_of(process):
        assert "Error" not in line
        if "refuses a trusted document" in line:
            break
    assert "Prices.graphql:1:32: Cannot query field 'price'" in line
    assert ask(url, "{ __typename }")["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
