"""What generators start a new site with: every file loads, and every key is taken or reported."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.loaders.conftest import Loader, loader

__all__ = ["loader"]

pytestmark = pytest.mark.slow

_STARTERS = {
    "docusaurus": "create-docusaurus/templates/shared/blog",
    "hexo": "hexo-cli/assets/source",
    "jekyll-theme-chirpy": "jekyll-theme-chirpy",
    "vuepress": "create-vuepress/template/blog",
    "vuepress-theme-hope": "create-vuepress-theme-hope/template/blog/en",
}


class Post(NamedTuple):
    """What a client sees of a post."""

    title: str
    date: datetime | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    category: str | None
    images: tuple[tuple[str, str | None], ...] = ()
    """Their addresses, and what they show."""


_POSTS = {
    "docusaurus": {
        "2021-08-26-welcome/index.mdx": Post(
            "Welcome", datetime(2021, 8, 26, tzinfo=UTC), ("Sébastien Lorber", "Yangshun Tay"),
            ("facebook", "hello", "docusaurus"), None,
        ),
        "2019-05-29-long-blog-post.mdx": Post(
            "Long Blog Post", datetime(2019, 5, 29, tzinfo=UTC), ("Yangshun Tay",),
            ("hello", "docusaurus"), None,
        ),
    },
    "hexo": {"_posts/hello-world.md": Post("Hello World", None, (), (), "posts")},
    "jekyll-theme-chirpy": {
        "_posts/2022-11-11-golang-getting-started.md": Post(
            "Golang Getting Started", datetime(2020, 11, 11, 6, tzinfo=UTC), ("Julio Romo",),
            ("Golang",), "Programing", (("/posts/golang-tutorial.jpg", "GoLang Tutorial"),),
        ),
    },
    "vuepress": {
        "posts/article12.md": Post(
            "Article 12", datetime(2022, 1, 12, tzinfo=UTC), (), ("tag C", "tag D"), "Category A"
        ),
    },
    "vuepress-theme-hope": {
        "posts/strawberry.md": Post(
            "Strawberry", datetime(2022, 1, 11, tzinfo=UTC), (), ("red", "small"), "Fruit"
        ),
        "posts/tomato.md": Post(
            "Tomato", datetime(2022, 1, 12, tzinfo=UTC), (), ("red", "round"), "Vegetable",
            (("/assets/images/cover2.jpg", None),),
        ),
        "demo/page.md": Post(
            "Page Config", datetime(2020, 1, 1, tzinfo=UTC), ("Ms.Hope",),
            ("Page config", "Guide"), "Guide",
        ),
    },
}  # fmt: skip


def _is_about_the_repository(path: Path) -> bool:
    has_front_matter = path.read_text(encoding="utf-8").startswith("---")
    return path.name in ("README.md", "CHANGELOG.md") and not has_front_matter


@pytest.mark.parametrize("generator", _STARTERS)
def test_every_file_of_a_starter_loads(packages: Path, loader: Loader, generator: str) -> None:
    folder = packages / _STARTERS[generator]
    report = loader(folder)

    assert loader.diagnostics == []
    items = list(loader.database["items"].find())
    files = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".md", ".mdx") and not _is_about_the_repository(path)
    ]
    assert files
    assert {*files} <= {item["path"] for item in items}
    assert all(item["title"] for item in items)
    reported = {key.key.partition(".")[0] for key in report.untaken}
    assert {key for item in items for key in item.get("extra") or {}} <= reported
    for path, post in _POSTS[generator].items():
        item = loader.item(path=path)
        authors = tuple(author["name"] for author in item["authors"])
        date, category = item.get("publishedDateTime"), item.get("category")
        images = tuple((image["url"], image.get("title")) for image in item["images"])
        assert Post(item["title"], date, authors, tuple(item["tags"]), category, images) == post
