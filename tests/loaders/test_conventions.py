"""Fields that are read from other keys: which is taken, and what `extra` keeps.

tests/loaders/test_blogs.py has whole blogs. Covers `jekyll_folders` too.
"""

from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from store.fields import AUDIENCE, ITEM
from tests.loaders.parsed import item, only_item, parsed

SAMPLES = {
    "title": "A title",
    "excerpt": "words",
    "category": "news",
    "locale": "en-gb",
    "webUrl": "https://a.example/1",
    "publishedDateTime": "2021-09-27",
    "updatedDateTime": "2021-09-27",
    "unpublishDateTime": "2021-09-27",
    "tags": "one",
    "authors": "Ada Moor",
    "images": "/a.png",
}
SYNONYMS = [(field, key) for field, keys in ITEM.synonyms.items() for key in keys]


@pytest.mark.parametrize(("field", "key"), SYNONYMS)
def test_every_synonym_is_taken_and_is_not_in_extra(field: str, key: str) -> None:
    title = "" if field == "title" else "title: A\n"
    built = item(f"{title}{key}: {SAMPLES[field]}")
    direct = item(f"{title}{field}: {SAMPLES[field]}")

    assert built[field] == direct[field]
    assert "extra" not in built


@pytest.mark.parametrize(("field", "key"), SYNONYMS)
def test_a_field_under_its_own_name_wins(field: str, key: str) -> None:
    title = "" if field == "title" else "title: A\n"
    built = item(f"{title}{key}: {SAMPLES[field]}\n{field}: {SAMPLES[field]}")

    assert built["extra"].keys() == {key}


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("summary: b\ndescription: a", "excerpt", "a"),
        ("description: ''\nsummary: b", "excerpt", "b"),
        ("url: /a\nlink: https://a.example/2", "webUrl", "https://a.example/2"),
        ("lang: Python\nlanguage: de", "locale", "de"),
        ("categories: news sport", "category", "news"),
        ("categories: 'big news, sport'", "category", "big news"),
        ("category: [big news, sport]", "category", "big news"),
        ("tags: a b", "tags", ["a", "b"]),
        ("tag: [a, b]", "tags", ["a", "b"]),
        ("tag: a b\nkeywords: c", "tags", ["a", "b"]),
        ("tags: a b, c", "tags", ["a b", "c"]),
        ("tags: ''", "tags", []),
        ("keywords: a b", "tags", ["a b"]),
        ("keywords: a b, c", "tags", ["a b", "c"]),
        ("authors: Moor, Ada", "authors", [{"id": "author:moor-ada", "name": "Moor, Ada"}]),
        ("authors: [A, a, {name: B, title: Editor}, {title: C}]", "authors",
         [{"id": "author:a", "name": "A"}, {"id": "author:b", "name": "B"},
          {"id": "author:c", "name": "C"}]),
        ("image: {src: ./a b.jpg, caption: C}", "images",
         [{"url": "/a%20b.jpg", "title": "C", "isCached": False}]),
        ("cover: [https://a.example/a.jpg, b.png]", "images",
         [{"url": "https://a.example/a.jpg", "isCached": False},
          {"url": "/b.png", "isCached": False}]),
        ("draft: true", "published", False),
        ("draft: true\npublished: true", "published", False),
        ("draft: false", "published", True),
        ("publish: false", "published", False),
        ("publish: false\npublished: 2024-05-01", "published", False),
        ("publish: true\npublished: false", "published", False),
        ("publish: true", "published", True),
        # Hugo publishes at `publishDate`, whatever the `date` of writing is.
        ("date: 2023-01-02\npublishDate: 2024-05-01", "publishedDateTime",
         datetime(2024, 5, 1, tzinfo=UTC)),
        ("date: 2023-01-02\npublishdate: 2024-05-01", "publishedDateTime",
         datetime(2024, 5, 1, tzinfo=UTC)),
        ("published: 2024-05-01", "publishedDateTime", datetime(2024, 5, 1, tzinfo=UTC)),
        ("published: 2024-05-01", "published", True),
        ("published: 2024-05-01\ndraft: true", "published", False),
        ("published: 2024-05-01\ndate: 2023-01-02", "publishedDateTime",
         datetime(2023, 1, 2, tzinfo=UTC)),
        ("published: '1'", "published", True),
        ("path: 2021/09/27/a", "publishedDateTime", datetime(2021, 9, 27, tzinfo=UTC)),
        ("permalink: /2021/09/27/a/", "publishedDateTime", datetime(2021, 9, 27, tzinfo=UTC)),
        ("params: {author: A}", "authors", [{"id": "author:a", "name": "A"}]),
        ("provider: {domain: p.example, authors: [{name: A}]}", "authors",
         [{"id": "author:a", "name": "A"}]),
        ("provider: {authors: A}", "authors", [{"id": "author:a", "name": "A"}]),
    ],
)  # fmt: skip
def test_the_first_that_fits_is_taken(text: str, field: str, value: object) -> None:
    assert item(f"title: A\n{text}")[field] == value


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("draft: true", None),
        ("url: /a", {"url": "/a"}),
        ("lang: Python", {"lang": "Python"}),
        ("summary: 5\ndescription: a", {"summary": 5}),
        ("published: 2024-05-01", None),
        ("published: 2024-05-01\ndate: 2023-01-02", {"published": "2024-05-01"}),
        ("categories: news sport", {"categories": "news sport"}),
        ("category: [news]", None),
        ("category: [news, sport]", {"category": ["news", "sport"]}),
        ("authors: [A, {name: B, url: /b}]", {"authors": [None, {"url": "/b"}]}),
        ("params: {author: A, mood: good}", {"params": {"mood": "good"}}),
        ("author: B\nparams: {author: A}", {"params": {"author": "A"}}),
        ("taxonomies: {tags: [a], categories: [b, c]}", {"taxonomies": {"categories": ["b", "c"]}}),
    ],
)
def test_extra_keeps_what_is_not_taken(text: str, extra: object) -> None:
    assert item(f"title: A\n{text}").get("extra") == extra


def test_a_provider_without_its_authors_stays_a_provider() -> None:
    provider = "{name: P, domain: p.example, mood: good, authors: [[a]]}"
    (built,) = parsed(f"---\ntitle: A\nprovider: {provider}\n---\n").items
    assert built["provider"] == {"id": "provider:p.example", "name": "P", "domain": "p.example"}
    assert built["authors"] == []
    assert built["extra"] == {"provider": {"mood": "good", "authors": [["a"]]}}


def test_a_wrong_value_in_a_container_goes_back_to_it() -> None:
    file = parsed("---\ntitle: A\nparams: {author: [[a]], mood: good}\n---\n")
    (built,) = file.items

    assert built["authors"] == []
    assert built["extra"] == {"params": {"author": [["a"]], "mood": "good"}}
    assert [(problem.line, problem.field) for problem in file.problems] == [(3, "params.author[0]")]


@pytest.mark.parametrize(
    ("path", "published"),
    [("_drafts/a.md", False), ("blog/_drafts/a.md", False), ("drafts/a.md", True)],
)
def test_jekylls_drafts_are_not_published(path: str, published: bool) -> None:
    assert item("title: A", path=path)["published"] is published


@pytest.mark.parametrize("published", ["2024-05", "01/02/2020", "20240501", "[2024-05-01]"])
def test_what_is_neither_a_flag_nor_a_date_is_an_error(published: str) -> None:
    (problem,) = parsed(f"---\ntitle: A\npublished: {published}\n---\n").problems
    assert (problem.line, problem.field, problem.severity) == (3, "published", "error")


def test_only_text_files_have_a_title_in_their_name() -> None:
    assert item("heat: 5", path="2021-09-27-a-story.md")["title"] == "A story"
    assert [problem.code for problem in parsed("heat: 5", "a-story.yaml").problems] == ["missing"]


def test_a_json_item_has_the_date_of_its_own_path_and_not_of_its_file() -> None:
    named = only_item(parsed('{"title": "A", "path": "2021-09-27-a.md"}', "2020-01-01.json"))
    other = only_item(parsed('{"title": "A"}', "2020-01-01.json"))

    assert named["publishedDateTime"] == datetime(2021, 9, 27, tzinfo=UTC)
    assert "publishedDateTime" not in other


_keys = st.sampled_from(
    sorted({"mood", "Title", "params"} | ITEM.keys - {"title", "body"} | ITEM.synonym_keys)
)
_leaves = st.sampled_from(
    ["word", "two words", "a, b", "2021-09-27", "https://a.example/1", "/a.png", "a.png", "5",
     "true", "", "en", "x" * 3000]
)  # fmt: skip
_values = st.recursive(
    _leaves,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from(["name", "title", "url", "src", "width", "x"]), below),
    ),
    max_leaves=6,
)


@given(st.dictionaries(_keys, _values, max_size=6))
def test_every_key_of_a_file_is_in_a_field_or_in_extra(mapping: dict[str, object]) -> None:
    text = yaml.safe_dump({"title": "A"} | mapping)
    file = parsed(f"---\n{text}---\n")
    errors = [problem for problem in file.problems if problem.severity == "error"]
    deciding = AUDIENCE.union(*(ITEM.synonyms.get(field, ()) for field in AUDIENCE))
    assert {problem.field.partition(".")[0] for problem in errors} <= deciding
    if errors:
        return
    (built,) = file.items

    extra = built.get("extra", {})
    fields_of = {key: field for field, keys in ITEM.synonyms.items() for key in keys}
    for key, value in mapping.items():
        field = fields_of.get(key, key)
        blank = value in ("", [], {})
        taken = bool(built.get(field)) or field in AUDIENCE
        assert key in extra or blank or taken, (key, value)
    for problem in file.problems:
        assert problem.field.partition(".")[0].partition("[")[0] in extra
