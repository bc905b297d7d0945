"""/metrics: the state of the server beside what is counted."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from store.errors import Unavailable
from tests.api.conftest import ClientFactory, Corpus

pytestmark = pytest.mark.anyio


async def scraped(client: ClientFactory) -> dict[str, float]:
    """Return the samples without labels, by name."""
    response = await client().get("/metrics")
    assert response.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(response.text)
    return {sample.name: sample.value for family in families for sample in family.samples}


async def test_the_corpus_and_the_versions_are_metrics(client: ClientFactory) -> None:
    samples = await scraped(client)
    assert samples["newsgraph_build_info"] == 1
    assert samples["newsgraph_ready"] == 1
    assert samples["newsgraph_corpus_version"] == 1
    assert samples["newsgraph_corpus_changed_timestamp_seconds"] == 1772236800


async def test_a_server_with_missing_indexes_is_not_ready(
    client: ClientFactory, corpus: Corpus
) -> None:
    corpus.missing = ["items.text"]
    assert (await scraped(client))["newsgraph_ready"] == 0


async def test_a_database_that_is_down_leaves_the_other_metrics(
    client: ClientFactory, corpus: Corpus
) -> None:
    corpus.fails = Unavailable("MongoDB does not answer.")
    samples = await scraped(client)
    assert samples["newsgraph_ready"] == 0
    assert "newsgraph_corpus_version" not in samples


async def test_the_size_of_the_response_cache_is_a_metric(client: ClientFactory) -> None:
    http = client()
    await http.post("/graphql", json={"query": "{ hello }"})
    assert "newsgraph_cache_bytes 0.0" not in (await http.get("/metrics")).text
