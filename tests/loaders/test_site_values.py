"""What a site file changes in the items of its root, from front matter to the document.

Covers `loaders/site_values.py` too where files have the values in JSON and TOML.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from loaders.site_file import parse_site
from loaders.site_rules import rules_of
from store.documents import Document

SITE = "url: https://blog.example.com/\n"


def _parsed(site: str, text: str, path: str = "a.md") -> ParsedFile:
    parsed = parse(text.encode(), "/blog", path, rules_of(parse_site(site)))
    assert isinstance(parsed, ParsedFile)
    return parsed


def _item(site: str, front_matter: str, path: str = "a.md") -> Document:
    parsed = _parsed(site, f"---\ntitle: A\n{front_matter}\n---\nText.\n", path)
    assert not [problem for problem in parsed.problems if problem.severity == "error"]
    (item,) = parsed.items
    return item


def _stored(item: Document) -> dict[str, Any]:
    """Return the values of the site's fields, without the digests of their types."""
    return {name: value for name, under in item["site"].items() for value in under.values()}


@pytest.mark.parametrize(
    ("type_", "written", "stored"),
    [
        ("String", "1.50", "1.50"),
        ("String", "no", "no"),
        ("String", "'a: b'", "a: b"),
        ("Int", "007", 7),
        ("Float", "4", 4.0),
        ("Float", "1e3", 1000.0),
        ("Boolean", "yes", True),
        ("DateTime", "2021-02-03", datetime(2021, 2, 3, tzinfo=UTC)),
        ("URL", "https://other.example/x", "https://other.example/x"),
        ("URL", "/x/y", "https://blog.example.com/x/y"),
        ("JSON", "{a: [1, yes, 2021-02-03]}", {"a": [1, True, "2021-02-03"]}),
        ("[String!]", "one", ["one"]),
        ("[String]", "[b, 3, b]", ["b", "3", "b"]),
        ("[Int]", "[]", []),
        ("[URL]", "[/x]", ["https://blog.example.com/x"]),
        ("{a: Int, b: [URL]}", "{a: 1, b: /x}", {"a": 1, "b": ["https://blog.example.com/x"]}),
        ("[{a: {b: String}}]", "{a: {b: 1.0}}", [{"a": {"b": "1.0"}}]),
        ("Topic", "Deep Sea", "topic:deep-sea"),
        ("[Author]", "[Ada Moor, Li]", ["author:ada-moor", "author:li"]),
        ("Provider", "https://www.One.example/x", "provider:one.example"),
    ],
)
def test_values_become_what_their_type_says(type_: str, written: str, stored: object) -> None:
    type_ = f'"{type_}"' if type_.startswith("[S") and "!" in type_ else type_
    item = _item(f"{SITE}fields: {{x: {{type: {type_}, key: my-x}}}}", f"my-x: {written}")
    assert _stored(item) == {"x": stored}
    assert "extra" not in item


def test_a_link_to_an_item_is_its_id() -> None:
    item = _item(f"{SITE}fields: {{part: Item}}", "part: /series/?utm_source=x\nwebUrl: /a")
    linked = _item(SITE, "webUrl: https://blog.example.com/series")
    assert _stored(item) == {"part": linked["_id"]}


@pytest.mark.parametrize(
    ("type_", "written", "problem"),
    [
        ("Int", "3x", "3:4 x: '3x' is not a whole number [integer]"),
        ("Int", "3000000000", "3:4 x: 3000000000 does not fit in 32 bits"),
        ("Float", "much", "3:4 x: 'much' is not a number [number]"),
        ("Float", "nan", "3:4 x: 'nan' is not a number [number]"),
        ("Float", "[]", "3:4 x: is a list; write a number [shape]"),
        ("Boolean", "perhaps", "3:4 x: 'perhaps' is neither true nor false [boolean]"),
        ("DateTime", "soon", "3:4 x: 'soon' is not a date"),
        ("URL", "x", "3:4 x: 'x' is relative"),
        ("Item", "https://a.example:99999/", "3:4 x: is not a valid URL"),
        ("String", "{a: b}", "3:4 x: is a mapping; write text [shape]"),
        ("{a: Int}", "b", "3:4 x: is text; write a mapping [shape]"),
        ("[Int]", "[1, b, 2]", "3:8 x[1]: 'b' is not a whole number"),
        ("[{a: Int}]", "[{a: 1}, {a: c}]", "3:17 x[1].a: 'c' is not a whole number"),
    ],
)
def test_a_value_that_does_not_fit_is_a_warning(type_: str, written: str, problem: str) -> None:
    site = f"{SITE}fields: {{x: {{type: {type_}}}}}"
    parsed = _parsed(site, f"---\ntitle: A\nx: {written}\n---\n")
    (found,) = parsed.problems
    shown = f"{found.line}:{found.column} {found.field}: {found.message} [{found.code}]"
    assert shown.startswith(problem)
    assert found.severity == "warning"
    (item,) = parsed.items
    assert "x" in item["extra"]


def test_only_what_does_not_fit_is_left_out() -> None:
    item = _item("fields: {x: [Int], y: [{a: Int, b: Int}]}", "x: [1, b, 2]\ny: [{a: c, b: 3}]")
    assert _stored(item) == {"x": [1, 2], "y": [{"b": 3}]}


def test_what_the_members_of_an_object_do_not_have_stays_in_extra() -> None:
    item = _item("fields: {x: {type: {a: Int}}}", "x: {a: 1, b: 2}")
    assert _stored(item) == {"x": {"a": 1}}
    assert item["extra"] == {"x": {"a": 1, "b": 2}}


def test_an_item_without_the_keys_has_no_site() -> None:
    assert "site" not in _item("fields: {x: Int}", "x:")


def test_values_of_filters_are_labels() -> None:
    site = "fields: {s: {type: [String], filter: true}, b: {type: Boolean, filter: true}, n: Int}"
    item = _item(site, "s: [b, a, b]\nb: yes\nn: 3")
    labels = [label for label in item["labels"] if label.startswith("site:")]
    assert labels == ["site:s:b", "site:s:a", "site:b:true"]


def test_values_of_filters_are_bounded() -> None:
    site = "fields: {s: {type: String, filter: true}, l: {type: [Int], filter: true}, t: String}"
    long = "a" * 501
    parsed = _parsed(site, f"---\ntitle: A\ns: {long}\nl: {[*range(101)]}\nt: {long}\n---\n")
    assert [problem.code for problem in parsed.problems] == ["too-long", "too-many"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"title": "A", "x": 3, "y": "4", "z": true, "w": 1.5}', "a.json"),
        ('+++\ntitle = "A"\nx = 3\ny = "4"\nz = true\nw = 1.5\n+++\n', "a.md"),
        ("title: A\nx: 3\ny: 4\nz: true\nw: 1.5\n", "a.yaml"),
    ],
)
def test_all_formats_have_the_fields(text: str, path: str) -> None:
    parsed = _parsed("fields: {x: Int, y: String, z: Boolean, w: Float}", text, path)
    (item,) = parsed.items
    assert [*parsed.problems] == []
    assert _stored(item) == {"x": 3, "y": "4", "z": True, "w": 1.5}


def test_true_is_not_a_number_in_json() -> None:
    parsed = _parsed("fields: {x: Int, w: Float}", '{"title": "A", "x": true, "w": true}', "a.json")
    assert [problem.message for problem in parsed.problems] == [
        "true is not a whole number",
        "is true; write a number",
    ]


def test_names_come_before_those_of_newsgraph() -> None:
    site = "names: {excerpt: [teaser, lead], title: headline}"
    item = _item(site, "lead: The lead.\ndescription: A description.\nheadline: B")
    assert (item["title"], item["excerpt"]) == ("A", "The lead.")
    assert item["extra"] == {"description": "A description.", "headline": "B"} | item["extra"]


def test_topics_can_be_the_tags() -> None:
    item = _item("names: {topics: [tags]}", "tags: deep sea")
    assert item["tags"] == ["deep", "sea"]
    assert [topic["name"] for topic in item["topics"]] == ["deep", "sea"]
    assert "extra" not in item


def test_a_draft_stays_a_draft() -> None:
    item = _item("names: {title: [draft]}\nfields: {x: Int}", "draft: true")
    assert item["published"] is False


def test_paths_become_whole_urls() -> None:
    item = _item(
        SITE,
        "permalink: /a/b/\nimage: /pictures/a.png\nrelated: [{title: B, webUrl: /b}]\n"
        "images: [{url: //cdn.example/c.png}]",
    )
    assert item["webUrl"] == "https://blog.example.com/a/b/"
    assert item["related"][0]["webUrl"] == "https://blog.example.com/b"
    assert item["images"][0]["url"] == "//cdn.example/c.png"
    (image,) = _item(SITE, "image: cover.png", "posts/index.md")["images"]
    assert image["url"] == "https://blog.example.com/posts/cover.png"
    assert _item("locale: en", "image: /a.png")["images"][0]["url"] == "/a.png"


def test_what_a_file_lacks_is_the_sites() -> None:
    site = (
        f"{SITE}permalink: /:year/:month/:slug/\nlocale: en-gb\n"
        "provider: {name: The Example, domain: blog.example.com}"
    )
    item = _item(site, "", "_posts/2021-02-03-a-day.md")
    assert item["webUrl"] == "https://blog.example.com/2021/02/a-day/"
    assert item["locale"] == "en-gb"
    assert item["provider"]["id"] == "provider:blog.example.com"
    own = _item(site, "webUrl: https://x.example/\nlocale: fr\nprovider: X\ndate: 2021-01-01")
    assert (own["webUrl"], own["locale"]) == ("https://x.example/", "fr")
    assert own["provider"]["id"] == "provider:x.example"
    assert "webUrl" not in _item(site, "")  # it has no date


def test_the_slug_of_a_file_is_in_its_address() -> None:
    item = _item(f"{SITE}permalink: /:slug", "slug: another-day", "2021-02-03-a-day.md")
    assert item["webUrl"] == "https://blog.example.com/another-day"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("---\ntitle: A\nparams: {x: 007, mood: yes}\n---\n", "a.md"),
        ('+++\ntitle = "A"\n[extra]\nx = "007"\nmood = true\n+++\n', "a.md"),
        ('{"title": "A", "taxonomies": {"x": "007", "mood": true}}', "a.json"),
    ],
)
def test_a_key_may_be_in_a_table(text: str, path: str) -> None:
    parsed = _parsed("fields: {x: String}", text, path)
    (item,) = parsed.items
    assert [*parsed.problems] == []
    assert _stored(item) == {"x": "007"}
    assert [[*table.values()] for table in item["extra"].values()] == [[True]]
    assert {name.partition(".")[2] for name in parsed.untaken} == {"mood"}


def test_a_key_of_the_file_itself_comes_before_those_in_tables() -> None:
    item = _item("fields: {x: String}", "params: {x: 1.0, y: 2}\nextra: {x: 3}\nx: 4")
    assert _stored(item) == {"x": "4"}
    assert item["extra"] == {"params": {"x": 1.0, "y": 2}, "extra": {"x": 3}}


def test_names_are_read_from_tables_too() -> None:
    item = _item("names: {topics: [series]}", "taxonomies: {series: [Deep Sea], tags: [a]}")
    assert [topic["name"] for topic in item["topics"]] == ["Deep Sea"]
    assert item["tags"] == ["a"]
    assert "extra" not in item


def test_values_in_a_table_that_do_not_fit_go_back_to_it_each_once() -> None:
    text = "---\ntitle: A\nextra: {x: 3x, y: 4y, image: [[1]], mood: yes}\n---\n"
    parsed = _parsed("fields: {x: Int, y: Int}", text)
    (item,) = parsed.items
    assert [(problem.field, problem.column) for problem in parsed.problems] == [
        ("extra.x", 12),
        ("extra.y", 19),
        ("extra.image[0]", 31),
    ]
    assert item["extra"] == {"extra": {"x": "3x", "y": "4y", "image": [[1]], "mood": True}}
    assert parsed.untaken == {"extra.mood"}
