import pytest

from tests.loaders.parsed import item, only_item, parsed


@pytest.mark.parametrize(
    ("front_matter", "path", "slug"),
    [
        ("slug: my-own", "a.md", "my-own"),
        ("slug: /docs/my-own/", "a.md", "my-own"),
        ("slug: /", "a.md", "a"),
        ("webUrl: https://one.example/2026/a-story/", "b.md", "a-story"),
        ("webUrl: https://one.example/a-story.html?b=c#d", "b.md", "a-story"),
        ("webUrl: https://one.example/a-story/index.html", "b.md", "a-story"),
        ("webUrl: https://one.example/%C3%BCber", "b.md", "über"),
        ("webUrl: https://one.example/", "b.md", "b"),
        ("", "_posts/2026-02-28-night-ferry.md", "night-ferry"),
        ("", "night-ferry/index.md", "night-ferry"),
        ("", "Night Ferry.md", "night-ferry"),
    ],
)
def test_a_slug_is_the_end_of_an_address(front_matter: str, path: str, slug: str) -> None:
    assert item(f"title: A title\n{front_matter}", path=path)["slug"] == slug


def test_an_item_of_data_has_its_title() -> None:
    assert only_item(parsed('{"title": "A Title!"}', "a.json"))["slug"] == "a-title"
