"""Files that describe topics and providers."""

import pytest

from tests.loaders.parsed import definition, messages, only_item, parsed


def test_a_topic_has_the_id_of_its_name_and_of_its_parents() -> None:
    assert definition("taxonomy: topic\nname: Offshore Wind\nparent: Energy\nkeywords: sea\n") == {
        "_id": "topic:offshore-wind",
        "name": "Offshore Wind",
        "slug": "offshore-wind",
        "parent": "topic:energy",
        "parentName": "Energy",
        "keywords": ["sea"],
        "published": True,
        "path": "a.yaml",
        "rank": f"{'0' * 13}:{'0' * 13}:a.yaml",
    }


def test_an_organization_has_the_id_of_its_domain() -> None:
    text = "taxonomy: organization\ntitle: Post\ndomain: www.Post.example\nimages: /logo.png\n"

    assert definition(text) == {
        "_id": "provider:post.example",
        "name": "Post",
        "domain": "post.example",
        "otherNames": [],
        "images": [{"url": "/logo.png", "isCached": False}],
        "published": True,
        "path": "a.yaml",
        "rank": f"{'0' * 13}:{'0' * 13}:a.yaml",
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("---\ntaxonomy: topic\nname: AI\n---\n", "a.md"),
        ("---\ntaxonomy: 'topic'\nname: AI\n", "a.yaml"),
        ('{"taxonomy": "topic", "name": "AI"}', "a.json"),
        ('[{"taxonomy": "topic", "name": "AI", "parent": null}]', "a.json"),
        ('{"taxonomy": "topic", "name": "AI"}\n', "a.jsonl"),
    ],
)
def test_a_definition_can_have_any_format(text: str, path: str) -> None:
    assert definition(text, path)["_id"] == "topic:ai"


def test_all_other_keys_and_the_body_are_kept_in_extra() -> None:
    topic = definition(
        "---\ntaxonomy: topic\nname: AI\ntitle: 5\nmood: 5\nremoved: true\n---\nbody\n", "a.md"
    )

    assert topic["published"] is False
    assert topic["extra"] == {"title": 5, "mood": 5, "removed": True, "body": "body"}


def test_unknown_keys_of_an_organizations_images_are_kept_in_extra() -> None:
    organization = definition(
        "taxonomy: organization\nname: A\ndomain: a.example\nimages: {url: /a.png, mood: x}\n"
    )

    assert organization["extra"] == {"images": [{"mood": "x"}]}


def test_another_taxonomy_makes_an_item() -> None:
    assert only_item(parsed("taxonomy: event\ntitle: A\n", "a.yaml"))["extra"] == {
        "taxonomy": "event"
    }
    assert only_item(parsed('{"taxonomy": ["topic"], "title": "A"}', "a.json"))["title"] == "A"


def test_required_keys_are_asked_for_by_name() -> None:
    assert messages("taxonomy: organization\ntitle: [A]\n", "a.yaml") == [
        "1:1 domain is missing [missing]",
        "2:8 title is a list; write text [shape]",
    ]
