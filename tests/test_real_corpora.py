"""Real corpora, compared with the pages that their own sites published.

They are beside the repository, in `../shared`; without them these tests are skipped. Covers
loading and the graph as a whole.
"""

import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.formats import SITE_FILE
from loaders.infer import infer
from loaders.load import load
from loaders.options import Options
from loaders.report import Report
from loaders.site_text import site_text
from schema.context import Context
from schema.schema import build_schema
from store.audience import Audience
from store.ids import item_id
from store.reading.store import Store
from store.site_fields import SiteFields
from store.site_types import Members

SHARED = Path(__file__).parents[2] / "shared"
SEED = SHARED / "seed"
POWER_APPS = SHARED / "corpus" / "power-apps"
PAGES = SHARED / "corpus" / "power-apps-pages"

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is not there"),
]

SEED_URL = (
    "https://www.theguardian.com/technology/2020/feb/05/"
    "european-parliament-insists-it-will-not-use-facial-recognition-tech"
)


class Client:
    """Loads into one database and queries the graph over it."""

    def __init__(self, uri: str, database: str) -> None:
        self.uri, self.database = uri, database
        self.store = Store.connect(uri, database)
        self.schema = build_schema()

    async def serve_site(self) -> SiteFields:
        """Serve the fields that sites declared in what is loaded, and return them."""
        fields = (await self.store.site()).fields
        self.schema = build_schema(site_fields=fields)
        return fields

    def load(self, *paths: Path) -> Report:
        """Load files and folders."""
        return load(
            [str(path) for path in paths],
            uri=self.uri,
            database=self.database,
            options=Options(jobs=1),
        )

    async def query(self, query: str, audience: Audience, **variables: object) -> Any:
        """Return the data of a response, which must have no errors."""
        context = Context(self.store, audience)
        result = await self.schema.execute(query, variables, context_value=context)
        assert result.errors is None
        return result.data


@pytest.fixture
async def client(mongod: str, database_name: str) -> AsyncIterator[Client]:
    """A client of an empty database."""
    client = Client(mongod, database_name)
    yield client
    await client.store.close()


def front_matter(path: Path) -> Any:
    """Read a file's front matter with PyYAML alone, every scalar as text."""
    text = path.read_text("utf-8-sig").partition("\n---")[0]
    return yaml.load(text, yaml.CBaseLoader)  # noqa: S506


SEED_QUERY = """
query Seed($url: URL!) {
  item(url: $url) {
    id category title excerpt publishedDateTime webUrl ampWebUrl cdnAmpWebUrl type quality heat
    published path
    provider { name domain }
    topics { name }
    images { url width height title }
    related {
      title excerpt publishedDateTime webUrl ampWebUrl cdnAmpWebUrl type quality
      provider { name domain }
      images { url width height }
      item { id }
    }
    secured { ciphertext iv }
  }
}
"""


async def test_a_nested_query_returns_every_value_of_the_seed(client: Client) -> None:
    assert client.load(SEED).inserted == 1
    (path,) = SEED.iterdir()
    source = front_matter(path)
    item = (await client.query(SEED_QUERY, Audience.EDITOR, url=SEED_URL))["item"]
    assert item.pop("id") == item_id(SEED_URL)
    assert item.pop("path") == path.name
    linked = [entry.pop("item") for entry in item["related"]]
    assert linked == [None, {"id": item_id(SEED_URL)}, None]
    item["topics"] = [topic["name"] for topic in item["topics"]]
    item["secured"] = "{ciphertext};{iv}".format(**item["secured"])
    assert as_text(item) == source


def as_text(value: object) -> object:
    """Return a response as front matter has it: all scalars as text."""
    if isinstance(value, dict):
        return {key: as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_text(member) for member in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    "spelling",
    [
        SEED_URL,
        SEED_URL + "/",
        SEED_URL + "?utm_source=feed&fbclid=x#comments",
        SEED_URL.replace("https://www.theguardian.com", "HTTP://WWW.TheGuardian.com:80"),
    ],
)
async def test_the_seed_is_found_by_any_equivalent_url(client: Client, spelling: str) -> None:
    client.load(SEED)
    found = await client.query(SEED_QUERY, Audience.EDITOR, url=spelling)
    assert found["item"]["webUrl"] == SEED_URL
    assert (await client.query(SEED_QUERY, Audience.PUBLIC, url=spelling))["item"] is None


PUBLISHED_NEWS = """
query PublishedNews($after: String) {
  items(filter: { categories: ["news"], published: true }, first: 100, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      path title excerpt webUrl originalUrl heat type ampWebUrl cdnAmpWebUrl publishedDateTime
      updatedDateTime category tags
      images { url width height title attribution isCached }
      provider { name domain }
      topics { name }
      extra
    }
  }
}
"""


def published_by_the_site() -> Iterator[dict[str, Any]]:
    """Yield the entries of the site's own pages, in order, as the query above would return them."""
    for number in range(1, len(list(PAGES.iterdir())) + 1):
        for entry in json.loads((PAGES / f"{number}.json").read_text())["value"]:
            date = datetime.fromisoformat(entry["publishedDateTime"]).astimezone(UTC)
            yield {
                **{
                    name: entry[name]
                    for name in (
                        "path title excerpt webUrl originalUrl heat type ampWebUrl cdnAmpWebUrl "
                        "updatedDateTime images"
                    ).split()
                },
                "publishedDateTime": f"{date:%Y-%m-%dT%H:%M:%SZ}",
                "category": entry["categories"][0],
                "tags": entry["tags"] or [],
                "provider": {name: entry["provider"][name] for name in ("name", "domain")},
                "topics": [{"name": name} for name in entry["topics"]],
                "featuredContent": entry["featuredContent"],
            }


async def test_the_published_news_equal_the_sites_own_field_by_field(client: Client) -> None:
    report = client.load(POWER_APPS)
    assert (report.files, report.failed) == (839, 0)
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await client.query(PUBLISHED_NEWS, Audience.EDITOR, after=after))["items"]
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    for node in nodes:
        node["featuredContent"] = (node.pop("extra") or {}).get("featuredContent")
    expected = list(published_by_the_site())
    assert len(expected) == 132
    # Two of the site's pages are one story with one URL: the later supersedes the earlier.
    urls = [entry["webUrl"] or entry["originalUrl"] for entry in expected]
    expected = [entry for i, entry in enumerate(expected) if urls[i] not in urls[:i]]
    assert [node["path"] for node in nodes] == [entry["path"] for entry in expected]
    assert nodes == expected
    assert page["totalCount"] == len(expected) == 131


TREE = """
{
  topics { nodes { slug parent { slug } children { slug } } }
  microsoft: provider(domain: "microsoft.com") { name images { url } }
  providers(first: 100) { nodes { domain images { url width } } }
}
"""


async def test_topics_have_their_parents_and_providers_their_images(client: Client) -> None:
    client.load(POWER_APPS)
    data = await client.query(TREE, Audience.PUBLIC)
    parents = {topic["slug"]: topic["parent"] for topic in data["topics"]["nodes"]}
    assert parents.pop("power-apps") is None
    assert parents
    assert set(map(str, parents.values())) == {str({"slug": "power-apps"})}
    (root,) = (topic for topic in data["topics"]["nodes"] if topic["slug"] == "power-apps")
    assert sorted(child["slug"] for child in root["children"]) == sorted(parents)
    assert data["microsoft"]["name"] == "Microsoft"
    with_images = {one["domain"] for one in data["providers"]["nodes"] if one["images"]}
    organizations = {
        front_matter(path)["domain"] for path in (POWER_APPS / "_data/organizations").iterdir()
    }
    assert organizations <= with_images


def selection(members: Members) -> str:
    """Return the selection of everything in these fields, or members of an object."""
    return " ".join(
        f"{name} {{ {selection(below.members)} }}" if below.members else name
        for name, below in members
    )


def without_nulls(value: object) -> object:
    """Return a response without what a file does not have."""
    if isinstance(value, dict):
        return {key: without_nulls(below) for key, below in value.items() if below is not None}
    return [without_nulls(member) for member in value] if isinstance(value, list) else value


async def all_items(client: Client, selected: str, audience: Audience) -> AsyncIterator[Any]:
    """Yield all items, with their ids and what is selected."""
    query = f"""query All($after: String) {{
      items(first: 100, after: $after) {{
        pageInfo {{ hasNextPage endCursor }} nodes {{ id {selected} }}
      }}
    }}"""
    page: Any = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        items = (await client.query(query, audience, after=page["endCursor"]))["items"]
        page = items["pageInfo"]
        for node in items["nodes"]:
            yield node


async def test_what_was_inferred_brings_every_key_to_the_public(
    client: Client, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(POWER_APPS, site)
    inferred = infer(str(site), Options(jobs=1))
    (site / SITE_FILE).write_text(site_text(inferred))

    report = client.load(site)
    assert (report.files, report.failed, report.warnings) == (840, 0, 0)
    seldom = 0.05 * report.files
    # The files of providers and topics have `_id` beside a domain or a slug, which are the same.
    assert [key.key for key in report.untaken if key.files > seldom] == ["_id"]

    fields = await client.serve_site()
    assert {"price", "levels", "length", "ratings", "actions"} <= {field.name for field in fields}
    paths = {node["id"]: node["path"] async for node in all_items(client, "path", Audience.EDITOR)}
    selected = selection(tuple((field.name, field.type) for field in fields))
    compared = Counter[str]()
    async for node in all_items(client, selected, Audience.PUBLIC):
        source = front_matter(site / paths[node.pop("id")])
        given = {field.name: source[field.key] for field in fields if field.key in source}
        assert as_text(without_nulls(node)) == given
        compared.update([*given])
    assert compared["price"] > 400
    assert compared["levels"] > 100
