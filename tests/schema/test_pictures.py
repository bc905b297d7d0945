"""The addresses of pictures are whole (`pictures`), wherever they occur."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.context import Context
from schema.pictures import Pictures
from store.audience import Audience
from tests.schema.newsroom import EXECUTORS, Newsroom, item, link, schema_of

pytestmark = pytest.mark.anyio

PAGE = "https://one.example/2026/a-story"
SERVED = Pictures("https://cdn.example", "http://localhost:8000")


def image(url: str) -> dict[str, Any]:
    return {"url": url, "isCached": False}


@pytest.mark.parametrize(
    ("pictures", "url", "page", "address"),
    [
        (SERVED, "/media/a.svg", PAGE, "https://cdn.example/media/a.svg"),
        (SERVED, "/img/a.jpg", PAGE, "https://one.example/img/a.jpg"),
        (SERVED, "/img/a.jpg", None, "http://localhost:8000/img/a.jpg"),
        (SERVED, "//img.example/a.jpg", PAGE, "https://img.example/a.jpg"),
        (SERVED, "https://img.example/a.jpg", PAGE, "https://img.example/a.jpg"),
        (Pictures(), "/media/a.svg", PAGE, "https://one.example/media/a.svg"),
        (Pictures(), "/media/a.svg", None, "/media/a.svg"),
        (Pictures(), "//[", PAGE, "//["),
    ],
)
def test_a_path_is_made_whole_by_where_it_is_served(
    pictures: Pictures, url: str, page: str | None, address: str
) -> None:
    assert pictures.address(url, page) == address


@given(st.text(max_size=20), st.none() | st.just(PAGE))
def test_any_path_has_an_address(path: str, page: str | None) -> None:
    assert isinstance(SERVED.address(f"/{path}", page), str)


def test_images_with_whole_addresses_are_not_copied() -> None:
    images = [image("https://img.example/a.jpg")]
    assert SERVED.whole(images, PAGE) is images


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_pictures_of_items_entries_and_providers_are_whole(
    newsroom: Newsroom, executor: Any
) -> None:
    story = item(
        "a",
        images=[image("/media/a.svg"), image("/img/a.jpg"), image("https://img.example/a.jpg")],
        related=[{"title": "B", "webUrl": "https://two.example/b", "images": [image("/b.jpg")]}],
        body="![](/media/c.svg) ![](d.jpg)",
        bodyFormat="markdown",
    )
    story["provider"] = link("one.example") | {"images": [image("/logo.png")]}
    story["labels"].append(story["provider"]["id"])
    newsroom.put(story)
    query = """{ items { nodes {
      images { url } first: images(first: 1) { isCached url }
      related { images { url } } provider { images { url } } bodyHtml
    } } }"""
    context = Context(newsroom.store, Audience.PUBLIC, pictures=SERVED)
    result = await schema_of(executor).execute(query, context_value=context)
    assert not result.errors
    (node,) = result.data["items"]["nodes"]
    urls = [found["url"] for found in node["images"]]
    assert urls == [
        "https://cdn.example/media/a.svg",
        "https://one.example/img/a.jpg",
        "https://img.example/a.jpg",
    ]
    assert node["first"] == [{"isCached": False, "url": urls[0]}]
    assert node["related"] == [{"images": [{"url": "https://two.example/b.jpg"}]}]
    assert node["provider"] == {"images": [{"url": "https://one.example/logo.png"}]}
    assert 'src="https://cdn.example/media/c.svg"' in node["bodyHtml"]
    assert 'src="https://one.example/d.jpg"' in node["bodyHtml"]
