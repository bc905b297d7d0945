"""Trusted documents over HTTP: their ids, and what becomes of other queries in each mode."""

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.documents.document import Document, sha256
from api.graphql.refusal import Refusal
from api.graphql.trusted import TrustedDocuments
from api.setting_types import DocumentsMode
from api.settings import SettingsError
from tests.api.conftest import AppFactory, ClientFactory, newsgraph
from tests.loaders.conftest import write

pytestmark = pytest.mark.anyio

GREET = "query Greet($name: String!) { hello(name: $name) }"
ADA = {"name": "Ada"}
HELLO = {"data": {"hello": "Hello, Ada!"}}
OTHER = "{ hello }"
TOKEN = {"authorization": "Bearer a-token-of-an-editor"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one document in a manifest, and one in a file."""
    write(tmp_path / "Greet.graphql", GREET)
    write(tmp_path / "Saved.graphql", "{ audience }\n")
    write(tmp_path / "relay.json", json.dumps({"0f1e2d": "query Counted { count }"}))
    return tmp_path


async def post(http: httpx.AsyncClient, **body: object) -> Any:
    return (await http.post("/graphql", json=body)).json()


def code(response: Any) -> str:
    (error,) = response["errors"]
    assert "data" not in response
    return str(error["extensions"]["code"])


def apollo(query: str) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(query)}}


@pytest.mark.parametrize("mode", DocumentsMode)
async def test_a_document_is_known_by_its_ids_in_each_mode(
    client: ClientFactory, folder: Path, mode: str
) -> None:
    http = client(documents=folder, documents_mode=mode)
    for id_ in ("Greet", sha256(GREET), f"sha256:{sha256(GREET)}"):
        assert await post(http, documentId=id_, variables=ADA) == HELLO
    assert await post(http, extensions=apollo(GREET), variables=ADA) == HELLO
    assert await post(http, query=GREET, variables=ADA) == HELLO
    assert "data" in await post(http, query="{ audience }")
    assert await post(http, query=GREET, documentId="Greet", variables=ADA) == HELLO
    assert await post(http, documentId="0f1e2d") == {"data": {"count": 1}}


async def test_a_get_of_a_document_can_be_cached(client: ClientFactory, folder: Path) -> None:
    http = client(documents=folder, documents_mode="only", audience="public", max_age_s=60)
    parameters = {"documentId": "Greet", "variables": json.dumps(ADA)}
    first = await http.get("/graphql", params=parameters)
    assert first.json() == HELLO
    assert first.headers["cache-control"] == "public, max-age=60"
    validator = {"if-none-match": first.headers["etag"]}
    again = await http.get("/graphql", params=parameters, headers=validator)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"documentId": "none"}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": "sha256:" + "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": "ß" * 5000}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": ""}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": 7}, "BAD_USER_INPUT"),
        ({"documentId": "Greet", "query": OTHER}, "BAD_USER_INPUT"),
        ({"documentId": "none", "query": OTHER}, "BAD_USER_INPUT"),
        ({"documentId": "ß", "query": OTHER}, "BAD_USER_INPUT"),
        ({"documentId": "Greet", "extensions": apollo(GREET)}, "BAD_USER_INPUT"),
        ({}, "BAD_USER_INPUT"),
    ],
)
async def test_an_id_that_is_unknown_or_of_another_query_is_refused(
    client: ClientFactory, folder: Path, body: dict[str, object], expected: str
) -> None:
    response = await post(client(documents=folder), **body)
    assert code(response) == expected
    assert len(str(response)) < 500


async def test_a_query_sent_with_its_hash_as_document_id_is_kept(client: ClientFactory) -> None:
    http = client()
    id_ = f"sha256:{sha256(GREET)}"
    assert code(await post(http, documentId=id_)) == "PERSISTED_QUERY_NOT_FOUND"
    assert await post(http, documentId=id_, query=GREET, variables=ADA) == HELLO
    assert await post(http, documentId=id_, variables=ADA) == HELLO
    assert await post(http, extensions=apollo(GREET), variables=ADA) == HELLO


async def test_other_queries_are_refused_if_only_documents_are_served(
    client: ClientFactory, folder: Path
) -> None:
    settings: dict[str, object] = {
        "documents": folder, "documents_mode": "only", "audience": "public",
        "editor_tokens": "a-token-of-an-editor",
    }  # fmt: skip
    http = client(**settings)
    for body in (
        {"query": OTHER},
        {"query": GREET + " #"},
        {"query": OTHER, "extensions": apollo(OTHER)},
        {"extensions": apollo(OTHER)},
        {"documentId": "none"},
        {"query": "{ __schema { queryType { name } } }"},
    ):
        assert code(await post(http, **body)) == "DOCUMENT_NOT_TRUSTED"
    with_token = await http.post(
        "/graphql", json={"query": OTHER, "extensions": apollo(OTHER)}, headers=TOKEN
    )
    assert with_token.json() == {"data": {"hello": "Hello, world!"}}
    # What an editor has sent is not trusted for that, although its hash is known now.
    assert code(await post(http, extensions=apollo(OTHER))) == "DOCUMENT_NOT_TRUSTED"
    wrong = {"authorization": "Bearer x"}
    assert (await http.post("/graphql", json={"query": OTHER}, headers=wrong)).status_code == 401


async def test_the_log_says_once_what_would_be_refused(
    client: ClientFactory, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    http = client(documents=folder, documents_mode="log")
    for _ in range(3):
        assert (await post(http, query="query A {\n  hello }", operationName="A"))["data"]
    assert await post(http, documentId="Greet", variables=ADA) == HELLO
    await post(http, query="{ " + "hello " * 10_000 + "}")
    logged = [one for one in caplog.records if one.name == "newsgraph.documents"]
    assert [one.getMessage() for one in logged][:1] == [
        "This query is not a trusted document: query A { hello }"
    ]
    assert vars(logged[0])["operation"] == "A"
    assert len(logged) == 2
    assert len(logged[1].getMessage()) < 300


async def test_the_access_log_has_the_id_of_the_document(
    client: ClientFactory, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "newsgraph.access"):
        await post(client(documents=folder), documentId="Greet", variables=ADA)
    (record,) = [one for one in caplog.records if one.name == "newsgraph.access"]
    assert vars(record)["document"] == "Greet"
    assert vars(record)["operation"] == "Greet"


def test_a_mode_without_documents_is_a_mistake(app_with: AppFactory) -> None:
    with pytest.raises(SettingsError, match="DOCUMENTS_MODE is only, but there are no documents"):
        app_with(documents_mode="only")


def test_a_server_with_broken_documents_does_not_start(tmp_path: Path) -> None:
    path = write(tmp_path / "a.graphql", "{\n")
    run = newsgraph("serve", NEWSGRAPH_DOCUMENTS=str(tmp_path))
    assert run.returncode == 2
    assert run.stderr.startswith(f"newsgraph: {path}:2:1: Syntax Error")


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=30))
def test_only_the_very_texts_of_the_documents_are_served(texts: list[str], query: str) -> None:
    documents = [Document((f"id{n}",), text, "") for n, text in enumerate(texts)]
    trusted = TrustedDocuments(documents, DocumentsMode.ONLY)
    for text in texts:
        trusted.admit(text, None, has_token=False)
    if query.strip() not in {text.strip() for text in texts}:
        with pytest.raises(Refusal, match="executes only the trusted documents"):
            trusted.admit(query, None, has_token=False)
