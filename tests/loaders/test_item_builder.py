"""Items from mappings: other names of fields, links, ids, and what is kept in `extra`.

Covers `loaders/source_mapping.py` too.
"""

import pytest

from store.ids import item_id, item_id_of_path
from tests.loaders.parsed import item, messages, only_item, parsed


def _json_item(json: str, path: str = "a.json") -> dict[str, object]:
    return only_item(parsed(json, path))


def test_an_item_with_a_title_only_has_the_defaults() -> None:
    built = item("title: A title")

    assert built.pop("sort").keys() == {"newest", "oldest", "hottest", "best", "updated"}
    assert built == {
        "_id": item_id_of_path("a.md", "site"),
        "title": "A title",
        "slug": "a",
        "published": True,
        "topics": [],
        "tags": [],
        "authors": [],
        "images": [],
        "related": [],
        "path": "a.md",
        "labels": ["*", "no-image"],
        "countable": {},
        "rank": f"{'0' * 13}:{'0' * 13}:a.md",
    }


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("title: NO", "title", "NO"),
        ("title: 10:00", "title", "10:00"),
        ("title: 5", "title", "5"),
        ("name: A person\nbio: Short", "title", "A person"),
        ("name: A person\nbio: Short", "excerpt", "Short"),
        ("title: A\nbody: b", "body", "b"),
        ("title: A\ntopics: AI", "topics", [{"id": "topic:ai", "name": "AI"}]),
        ("title: A\ntopics: [AI, ai, AI]", "topics", [{"id": "topic:ai", "name": "AI"}]),
        ("title: A\ntags: [a, 2020]", "tags", ["a", "2020"]),
        ("title: A\nimages: {url: /a.png, width: 5}", "images",
         [{"url": "/a.png", "width": 5, "isCached": False}]),
        ("title: A\nimages: https://example.com/a.png", "images",
         [{"url": "https://example.com/a.png", "isCached": False}]),
        ("title: A\nremoved: true", "published", False),
        ("title: A\ndeleted: true", "published", False),
        ("title: A\npublished: false\ndeleted: false", "published", False),
        ("title: A\nremoved: false", "published", True),
        ("title: A\ncategories: [news]", "category", "news"),
        ("title: A\ncategories: news", "category", "news"),
        ("title: A\ncategories: [news, sport]", "category", "news"),
        ("title: A\ncategory: x\ncategories: [news]", "category", "x"),
        ("title: A\nsecured: YQ==;Yg==", "secured", {"ciphertext": "YQ==", "iv": "Yg=="}),
    ],
)  # fmt: skip
def test_lenient_input_is_accepted(text: str, field: str, value: object) -> None:
    assert item(text)[field] == value


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ('$x: 1\na.b: {"": 2, $y.z: 3}', {"$x": 1, "a.b": {"": 2, "$y.z": 3}}),
        ("length: 10:00\nprice: NO\nday: 2020-01-01\nn: ~",
         {"length": 600, "price": False, "day": "2020-01-01", "n": None}),
        ("name: 5", {"name": 5}),
        ("bio: a\nexcerpt: b", {"bio": "a"}),
        ("removed: yes", {"removed": True}),
        ("published: false\nremoved: 'yes'", {"removed": "yes"}),
        ("taxonomy: event", {"taxonomy": "event"}),
        ("categories: [news, 5]", {"categories": ["news", 5]}),
        ("category: x\ncategories: news", {"categories": "news"}),
        ("categories: [{a: 1}]", {"categories": [{"a": 1}]}),
        ("categories: ['']", {"categories": [""]}),
        ("authors: A\nprovider: {name: A, domain: a.example, authors: [{name: B}]}",
         {"provider": {"authors": [{"name": "B"}]}}),
        ("provider: {name: A, domain: a.example, images: [{url: /a.png, mood: 1}]}",
         {"provider": {"images": [{"mood": 1}]}}),
        ("images: [/a.png, {url: /b.png, mood: 5}]", {"images": [None, {"mood": 5}]}),
        ("related: [{title: A}, {title: B, mood: 5}]", {"related": [None, {"mood": 5}]}),
    ],
)  # fmt: skip
def test_keys_that_are_not_fields_are_kept_in_extra(text: str, extra: object) -> None:
    assert item(f"title: A\n{text}")["extra"] == extra


@pytest.mark.parametrize("text", ["categories: []", "categories:", "excerpt: ~", "tags: []"])
def test_keys_without_a_value_leave_nothing(text: str) -> None:
    built = item(f"title: A\n{text}")

    assert "extra" not in built
    assert not {"categories", "category", "excerpt"} & built.keys()


def test_the_body_below_front_matter_comes_before_a_key_of_that_name() -> None:
    built = item("title: A\nbody: 5", "text\n")

    assert (built["body"], built["extra"]) == ("text", {"body": 5})


def test_a_json_item_has_its_body_as_body_or_content() -> None:
    assert _json_item('{"title": "A", "content": "\\n text "}')["body"] == " text"
    assert _json_item('{"title": "A", "body": "b"}')["body"] == "b"

    both = _json_item('{"title": "A", "body": "b", "content": "c"}')
    assert (both["body"], both["extra"]) == ("b", {"content": "c"})


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("webUrl: https://example.com/a", item_id("https://example.com/a")),
        ("originalUrl: https://example.com/b", item_id("https://example.com/b")),
        ("webUrl: https://example.com/a\noriginalUrl: https://example.com/b",
         item_id("https://example.com/a")),
        ("heat: 5", item_id_of_path("a.md", "site")),
    ],
)  # fmt: skip
def test_an_id_comes_from_the_url_or_else_the_path(text: str, id_: str) -> None:
    assert item(f"title: A\n{text}")["_id"] == id_


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("_news/a.md", "news"),
        ("_news/2020/a.md", "news"),
        ("_news/_local/a.md", "local"),
        ("_/a.md", None),
        ("news/_a.md", None),
    ],
)
def test_a_category_comes_from_the_folder_of_the_collection(
    path: str, category: str | None
) -> None:
    assert item("title: A", path=path).get("category") == category
    assert item("title: A\ncategory: mine", path=path)["category"] == "mine"


def test_the_root_itself_can_be_the_collection() -> None:
    (built,) = parsed("---\ntitle: A\n---\n", root="/site/_news").items

    assert built["category"] == "news"


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("provider: {name: A, domain: WWW.A.example}", ("A", "a.example")),
        ("provider: {domain: a.example}", ("a.example", "a.example")),
        ("provider: A\nwebUrl: https://www.a.example/1", ("A", "a.example")),
        ("provider: A\noriginalUrl: https://b.example/1", ("A", "b.example")),
    ],
)
def test_a_provider_is_known_by_its_domain(text: str, provider: tuple[str, str]) -> None:
    name, domain = provider

    assert item(f"title: A\n{text}")["provider"] == {
        "id": f"provider:{domain}",
        "name": name,
        "domain": domain,
    }


def test_related_entries_link_to_items_and_providers() -> None:
    (entry,) = item(
        "title: A\nrelated: {title: B, webUrl: 'https://b.example/1', provider: Paper}"
    )["related"]

    assert entry == {
        "title": "B",
        "webUrl": "https://b.example/1",
        "ref": item_id("https://b.example/1"),
        "provider": {"id": "provider:b.example", "name": "Paper", "domain": "b.example"},
        "images": [],
    }


def test_problems_of_links_have_the_position_of_the_link() -> None:
    text = "---\ntitle: A\nrelated:\n  - title: B\n    provider: Paper\n---\n"
    assert messages(text) == [
        "5:15 related[0].provider.domain is missing, and there is no URL to take it from; write "
        "domain: example.com [missing]"
    ]
    text = "---\ntitle: A\nrelated:\n  - title: B\n    webUrl: https://b.example:99999/\n---\n"
    assert messages(text) == [
        "5:13 related[0].webUrl is not a valid URL: Port out of range 0-65535 [url]"
    ]
