"""Searches of a real server, which has an index: what is found, and that no answer is old."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders.load import load
from loaders.options import Options
from tests.api.servers import Start, ask, until

QUERY = """{ items(filter: {search: "harbour"}, orderBy: RELEVANCE) {
    totalCount nodes { title } facets { categories { value count } } } all: items { totalCount }
    suggest(prefix: "harb") { text } }"""


@pytest.fixture
def write(mongod: str, database_name: str, tmp_path: Path) -> Callable[..., None]:
    """Write files of a site, and load it."""
    root = tmp_path / "site"
    root.mkdir()

    def write(**titles: str) -> None:
        for name, title in titles.items():
            (root / f"{name}.md").write_text(f"---\ntitle: {title}\ncategory: News\n---\n")
        load([str(root)], uri=mongod, database=database_name, options=Options(jobs=1))

    return write


def test_a_cached_search_finds_what_is_loaded_next(
    serve: Start, write: Callable[..., None], tmp_path: Path
) -> None:
    write(one="Harbour lights", two="Trams")
    _, url = serve(NEWSGRAPH_SEARCH="tantivy", NEWSGRAPH_DATA_DIR=str(tmp_path / "data"))

    def found(query: str = QUERY) -> Any:
        answer = ask(url, query)
        return None if answer.get("errors") else answer["data"]

    until(lambda: found() is not None)
    assert found() == found()  # cached
    assert found() == {
        "items": {
            "totalCount": 1,
            "nodes": [{"title": "Harbour lights"}],
            "facets": {"categories": [{"value": "News", "count": 1}]},
        },
        "all": {"totalCount": 2},
        "suggest": [{"text": "Harbour lights"}],
    }
    write(two="Harbour trams")
    # An index that lags for more than two seconds answers with an error.
    until(lambda: (answer := found()) is not None and answer["items"]["totalCount"] == 2)
    until(lambda: (answer := found()) is not None and len(answer["suggest"]) == 2)
    assert found("{ items { didYouMean } }") == {"items": {"didYouMean": None}}


def test_a_server_that_does_not_search_says_so(serve: Start, write: Callable[..., None]) -> None:
    write(one="Harbour lights")
    _, url = serve(NEWSGRAPH_SEARCH="off")
    for query in ('items(filter: {search: "a"}) { totalCount }', 'suggest(prefix: "a") { text }'):
        (error,) = ask(url, f"{{ {query} }}")["errors"]
        assert error["extensions"]["code"] in ("UNAVAILABLE", "BAD_USER_INPUT", "FORBIDDEN")
