"""A real site of 839 files, and the pages of JSON that it published for its news."""

import os
from pathlib import Path

import pytest

from store.documents import Document
from tests.loaders.conftest import Loader

SHARED = Path(os.environ.get("NEWSGRAPH_SHARED", Path(__file__).parents[3] / "shared"))
SITE = SHARED / "corpus" / "power-apps"
PAGES = SHARED / "corpus" / "power-apps-pages"
SEED = SHARED / "seed"

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="the shared corpora are not here")

# What MongoDB and the loader add, and what Markdown files have but the site's pages leave out.
_NOT_IN_PAGES = {"_id", "source", "rank", "labels", "sort", "countable"}
_NOT_IN_PAGES |= {"secured", "quality", "locale"}


def _item(document: Document) -> Document:
    return {key: value for key, value in document.items() if key not in _NOT_IN_PAGES}


def test_loads_every_file_of_the_site(loader: Loader) -> None:
    report = loader(SITE, jobs=2)

    assert loader.diagnostics == []
    assert (report.files, report.inserted, report.superseded) == (839, 832, 3)
    assert (report.skipped, report.failed) == (4, 0)


def test_the_published_news_are_those_of_the_sites_own_pages(
    loader: Loader, database_name: str
) -> None:
    loader(SITE)
    newest_first = list(
        loader.database["items"]
        .find({"category": "news", "published": True})
        .sort("publishedDateTime", -1)
    )
    loader.database.client.drop_database(database_name)
    report = loader(PAGES)
    of_pages = {item["_id"]: item for item in loader.database["items"].find()}

    # 132 entries, of which two have one URL: the later of them supersedes the other.
    assert (report.inserted, report.superseded, len(of_pages)) == (131, 1, 131)
    assert [item["_id"] for item in newest_first] == [
        item["_id"] for item in loader.database["items"].find().sort("publishedDateTime", -1)
    ]
    for item in newest_first:
        assert _item(of_pages[item["_id"]]) == _item(item)


def test_loading_twice_changes_nothing(loader: Loader) -> None:
    loader(SITE)
    before, version = loader.snapshot(), loader.version

    report = loader(SITE)

    assert (report.unchanged, report.skipped, report.failed) == (835, 4, 0)
    assert loader.snapshot() == before
    assert loader.version == version


def test_topics_have_parents_and_providers_have_images(loader: Loader) -> None:
    loader(SITE)

    topics = {topic["_id"]: topic["public"] for topic in loader.database["topics"].find()}
    assert topics["topic:portals"]["parent"] == "topic:power-apps"
    assert topics["topic:power-apps"]["name"] == "Power Apps"
    venturebeat = loader.database["providers"].find_one({"_id": "provider:venturebeat.com"})
    assert venturebeat is not None
    assert venturebeat["public"]["images"][0]["width"] == 50


def test_the_seed_loads_with_every_value(loader: Loader) -> None:
    loader(SEED)

    item = loader.item()
    assert item["title"] == "European parliament insists it will not use facial recognition tech"
    assert item["related"][1]["ref"] == item["_id"]
    assert (item["quality"], item["heat"], item["published"]) == (59, -1, False)
    assert item["secured"]["iv"] == "rCB3sCVgb66vLfD6MYMegA=="
    assert [topic["name"] for topic in item["topics"]] == ["AI", "Computer Vision"]
