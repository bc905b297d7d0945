"""Small blogs, each in the style of a generator: every file loads as its generator shows it.

Covers `loaders/conventions.py` from end to end; the files are in `tests/loaders/blogs/`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from store.documents import Document
from tests.loaders.conftest import Loader

BLOGS = Path(__file__).parent / "blogs"


class Post(NamedTuple):
    """What a client sees of a post; `image` is its URL and what it shows."""

    title: str
    date: datetime | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    image: tuple[str, str | None] | None = None
    excerpt: str | None = None
    category: str | None = None
    published: bool = True


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


POSTS = {
    "jekyll/_posts/2021-09-27-night-ferry-returns.markdown": Post(
        "The night ferry returns", _utc(2021, 9, 27, 17), ("Ada Moor",), ("coast", "night"),
        ("/assets/img/ferry.jpg", "The ferry at dawn"), "It sails again in spring.", "harbour",
    ),
    "jekyll/_posts/2021-10-05-tide-tables.md": Post(
        "Tide tables for October", _utc(2021, 10, 5), ("Ada Moor", "Li Wen"), ("tides",),
        ("/assets/img/tide.png", None), category="posts",
    ),
    "jekyll/_drafts/an-idea.md": Post(
        "An idea", None, ("Ada Moor",), (), category="posts", published=False
    ),
    "hugo/content/posts/first-light/index.md": Post(
        "First light", _utc(2022, 3, 4, 4, 6, 7), ("Jo Reed",), ("lamps", "coast walks"),
        ("/content/posts/first-light/lamp.jpg", None), "A lamp is lit.", "Notes",
    ),
    "hugo/content/posts/unfinished.md": Post(
        "Unfinished", _utc(2022, 4, 1), (), (), published=False
    ),
    "hugo/content/posts/storm.md": Post(
        "Storm", _utc(2022, 5, 6, 7, 8, 9), ("Jo Reed",), ("weather",),
        ("/images/storm.jpg", "Waves"),
    ),
    "zola/content/2023-02-03-signal-lamps.md": Post(
        "Signal lamps", _utc(2023, 2, 3), ("Sam Hill",), ("lamps", "signals"),
        ("/lamps.png", None), "How they blink.", "craft",
    ),
    "zola/content/team.md": Post(
        "The team", _utc(2023, 4, 5), ("Sam Hill",), ("people",),
        ("https://img.example/team.jpg", "The team"),
    ),
    "eleventy/posts/buoys.md": Post(
        "Counting buoys", _utc(2020, 7, 8), ("Kit Lowe",), ("buoys",),
        ("/img/buoy.jpg", None), "There are nine.",
    ),
    "eleventy/posts/2020-08-09-fog.md": Post(
        "Fog over the bay", _utc(2020, 8, 9), ("Kit Lowe",), ("fog", "weather"),
        ("/img/fog.jpg", "Fog"),
    ),
    "astro/src/content/blog/kelp.mdx": Post(
        "Kelp", _utc(2022, 7, 8), ("Mia Berg",), ("kelp",),
        ("/src/assets/kelp.jpg", None), "What it is.",
    ),
    "docusaurus/blog/2021-08-26-welcome/index.mdx": Post(
        "Welcome", _utc(2021, 8, 26), ("Ada Moor", "li"), ("facebook", "hello"),
        ("/blog/2021-08-26-welcome/docusaurus-plushie-banner.jpeg", None),
    ),
    "docusaurus/blog/2019/05/28/first.md": Post(
        "First post", _utc(2019, 5, 28), ("Gao Wei",), ("hola",),
        ("https://img.example/first.png", None),
    ),
    "obsidian/Tide pools.md": Post(
        "Tide pools", _utc(2024, 5, 6), ("Ada Moor",), ("pools", "shore"),
        ("/attachments/Tide%20pool.png", None),
    ),
    "obsidian/Daily/2024-05-07.md": Post(
        "Low water at nine", _utc(2024, 5, 7), ("Ada Moor",), ("daily", "shore"),
        ("/attachments/log.png", None),
    ),
    "obsidian/Loose note.md": Post("Loose note", None, (), ()),
    "obsidian/Lamps.md": Post(
        "Lamps", _utc(2024, 5, 1), ("Ada Moor",), ("clippings",), excerpt="Of lamps."
    ),
}  # fmt: skip


def _post(item: Document) -> Post:
    image = item["images"][0] if item["images"] else None
    return Post(
        item["title"],
        item.get("publishedDateTime"),
        tuple(author["name"] for author in item["authors"]),
        tuple(item["tags"]),
        (image["url"], image.get("title")) if image else None,
        item.get("excerpt"),
        item.get("category"),
        item["published"],
    )


@pytest.mark.parametrize("blog", sorted(folder.name for folder in BLOGS.iterdir()))
def test_every_file_of_a_blog_loads_as_its_generator_shows_it(loader: Loader, blog: str) -> None:
    report = loader(BLOGS / blog)

    assert loader.diagnostics == []
    found = {f"{blog}/{item['path']}": _post(item) for item in loader.database["items"].find()}
    assert found == {path: post for path, post in POSTS.items() if path.startswith(f"{blog}/")}
    assert report.files == len(found) + report.skipped


def test_the_heading_that_became_the_title_is_not_in_the_body_as_well(loader: Loader) -> None:
    loader(BLOGS / "docusaurus", BLOGS / "obsidian")

    assert loader.item(title="First post")["body"] == "Lorem."
    assert loader.item(title="Low water at nine")["body"] == "A crab."


def test_other_fields_of_the_blogs_are_taken_too(loader: Loader) -> None:
    loader(BLOGS / "jekyll", BLOGS / "astro", BLOGS / "eleventy", BLOGS / "zola")

    assert loader.item(title="Kelp")["locale"] == "en"
    assert loader.item(title="Kelp")["webUrl"] == "https://kelp.example/what"
    assert loader.item(title="Kelp")["updatedDateTime"] == _utc(2022, 7, 10, 16, 33)
    assert loader.item(title="Counting buoys")["webUrl"] == "https://kit.example/buoys/"
    assert loader.item(title="Signal lamps")["updatedDateTime"] == _utc(2023, 2, 10)


def test_what_no_field_takes_is_reported_and_kept(loader: Loader) -> None:
    report = loader(BLOGS / "jekyll", BLOGS / "zola", BLOGS / "docusaurus")

    assert {key.key for key in report.untaken} == {
        "layout", "categories", "permalink", "path", "extra.reading_level",
        "authors.url", "authors.image_url", "authors.title",
    }  # fmt: skip
    assert loader.item(title="Signal lamps")["extra"] == {"extra": {"reading_level": "easy"}}
