"""Load, export, load again: the same corpus.

"The same" means: the documents of all items, providers, topics and authors are equal in everything
but `source`, which names the folder and file that an item was loaded from, and `digest`, which
depends on the order of the keys in a file. So every query has the same answer for both audiences,
except `corpus`, which says when a load changed it. Items that lost to others with the same id are
not exported. Covers `export_records`, `exported` and
`store.reading.whole_corpus`.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from bson import CodecOptions, decode, encode
from bson.errors import InvalidDocument
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from loaders import export as exporting
from loaders.export import ExportReport, export
from loaders.export_records import front_matter_text, item_record
from loaders.exported import MARK
from loaders.parse import parse, parse_lines
from loaders.parsed_file import ParsedFile
from loaders.site import Site
from loaders.site_file import parse_site
from loaders.site_rules import rules_of
from loaders.source_mapping import NO_RULES
from store.documents import Document
from store.reading.whole_corpus import whole_corpus
from tests.loaders.conftest import Loader, write

SITE = """
url: https://www.example.com
permalink: /:year/:slug/
provider: {name: The Example, domain: example.com}
locale: en-gb
names: {topics: [tags]}
fields:
  price:   {type: String, filter: true, description: "What it costs: ünd more."}
  levels:  {type: "[String!]", filter: true, key: "baking level"}
  minutes: {type: Int}
  stars:   {type: Float, audience: editor}
  fresh:   {type: Boolean, filter: true}
  since:   {type: DateTime}
  page:    {type: URL}
  rest:    {type: JSON}
  follows: {type: Item}
  by:      {type: "[Author]"}
  about:   {type: Topic}
  ratings: {type: [{by: Provider, stars: Float, next: Item, when: DateTime}]}
"""

_any_text = st.text(st.characters(codec="utf-8"), max_size=30)
_words = st.sampled_from(["Sea", "NO", "10:00", "~", "a: b", "# c", "[[Ada]]", "né", "'q\"\\"])
_names = _words | st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)
_urls = st.integers(1, 9).map(lambda n: f"https://p{n % 3}.example/story/{n}")
_dates = st.sampled_from(
    ["2024-02-29", "2021-05-06T07:08:09.123+02:00", "0999-01-01", "9999-12-31"]
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _any_text
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_any_text, below, max_size=3),
    max_leaves=6,
)  # fmt: skip
_images = st.lists(
    st.fixed_dictionaries(
        {"url": st.sampled_from(["/a.png", "b.jpg", "https://i.example/c.png"])},
        optional={"width": st.integers(0, 999), "alt": _words, "isCached": st.booleans(),
                  "credit": _words},
    ),
    max_size=2,
)  # fmt: skip
_providers = _words | st.fixed_dictionaries(
    {"domain": st.sampled_from(["p1.example", "WWW.p2.example."])},
    optional={"name": _words, "images": _images, "motto": _words},
)
_related = st.lists(
    st.fixed_dictionaries(
        {"title": _words},
        optional={"webUrl": _urls, "provider": _providers, "publishedDateTime": _dates,
                  "images": _images, "mood": _words, "heat": st.integers(-9, 9)},
    ),
    max_size=2,
)  # fmt: skip
_items = st.fixed_dictionaries(
    {"title": _words | _names},
    optional={
        "webUrl": _urls, "originalUrl": _urls, "excerpt": _any_text, "category": _names,
        "categories": st.lists(_words, max_size=2), "slug": _names, "type": _words, "date": _dates,
        "locale": _words, "updatedDateTime": _dates, "heat": st.integers(-9, 9),
        "draft": st.booleans(), "removed": st.booleans(), "published": st.booleans(),
        "tags": st.lists(_words, max_size=3),
        "authors": st.lists(_words | st.fixed_dictionaries({"name": _names, "role": _words}),
                            max_size=2),
        "provider": _providers, "topics": st.lists(_names, max_size=3), "images": _images,
        "related": _related, "secured": st.just("YWJj;aXY="), "extra": _json, "newsgraph": _json,
        "taxonomy": _words, "quality": _words, "params": _json,
        "price": _words, "baking level": st.lists(_words, max_size=2), "minutes": st.integers(0, 9),
        "stars": st.floats(-9, 9), "fresh": st.booleans(), "since": _dates, "page": _urls,
        "rest": _json, "follows": _urls, "by": st.lists(_names, max_size=2), "about": _names,
        "ratings": st.lists(st.fixed_dictionaries(
            {}, optional={"by": st.sampled_from(["p1.example", "https://p2.example/x"]),
                          "stars": st.floats(0, 5), "next": _urls, "when": _dates,
                          "more": _words}), max_size=2),
    },
)  # fmt: skip
_bodies = st.sampled_from(
    [
        "",
        "# A heading\n\nText.",
        "    code\n\nmore",
        "---\nnot: front matter\n---",
        "<p>x</p>",
        "é\r\nx",
    ]
) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
_texts = st.tuples(
    st.sampled_from(["a.md", "_posts/2021-09-27-b.md", "_drafts/c.markdown", "d/e.html", "f.txt"]),
    st.tuples(_items, _bodies).map(lambda made: front_matter_text({**made[0], "body": made[1]})),
)
_data = st.tuples(
    st.sampled_from(["g.json", "h/i.jsonl", "j.yaml"]), st.lists(_items, min_size=1, max_size=3)
).map(lambda made: (made[0], _as_data(*made)))
_definitions = st.tuples(
    st.sampled_from(["k.yaml", "l.json"]),
    st.fixed_dictionaries({"taxonomy": st.just("topic"), "name": _names},
                          optional={"parent": _names, "keywords": st.lists(_words, max_size=2),
                                    "published": st.booleans(), "icon": _json})
    | st.fixed_dictionaries({"taxonomy": st.just("organization"), "name": _words,
                             "domain": st.sampled_from(["p1.example", "p2.example"])},
                            optional={"images": _images, "otherNames": st.lists(_words, max_size=2),
                                      "description": _any_text, "draft": st.booleans()}),
).map(lambda made: (made[0], json.dumps(made[1])))  # fmt: skip
_folders = st.lists(_texts | _data | _definitions, max_size=6).map(dict)


def _as_data(name: str, items: list[dict[str, Any]]) -> str:
    if name.endswith(".jsonl"):
        return "\n".join(map(json.dumps, items))
    return json.dumps(items if name.endswith(".json") else items[0])


def stored(loader: Loader) -> dict[str, list[Document]]:
    """Return what is the same after an export."""
    return {
        name: [
            {key: value for key, value in document.items() if key not in ("source", "digest")}
            for document in loader.database[name].find().sort("_id")
        ]
        for name in ("items", "providers", "topics", "authors")
    }


def exported(loader: Loader, target: Path, **options: Any) -> ExportReport:
    with whole_corpus(loader.uri, loader.database.name) as corpus:
        return export(corpus, target, **options)


@pytest.fixture
def again(mongod: str, database_name: str) -> Iterator[Loader]:
    """A second empty database."""
    name = f"{database_name}_again"
    with MongoClient[Document](mongod, tz_aware=True) as client:
        yield Loader(mongod, client[name])
        client.drop_database(name)


def empty(*loaders: Loader) -> None:
    for loader in loaders:
        for name in loader.database.list_collection_names():
            loader.database[name].delete_many({})


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plain=_folders, site=_folders, as_lines=st.booleans())
def test_an_export_loads_as_the_corpus_that_it_was_made_of(
    loader: Loader,
    again: Loader,
    tmp_path_factory: pytest.TempPathFactory,
    plain: dict[str, str],
    site: dict[str, str],
    as_lines: bool,
) -> None:
    empty(loader, again)
    folder = tmp_path_factory.mktemp("export")
    for root, files in (("plain", plain), ("site", {**site, "newsgraph.yaml": SITE})):
        (folder / root).mkdir()
        for name, text in files.items():
            write(folder / root / name, text)
    loader(folder / "plain", folder / "site")

    report = exported(loader, folder / "out", as_lines=as_lines)
    assert report.inexact == []
    again(*report.folders)
    assert again.diagnostics == []
    before, after = stored(loader), stored(again)
    assert before == after
    assert report.items == len(before["items"])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=_texts | _data, is_site=st.booleans())
def test_what_is_written_of_an_item_is_read_as_that_item(
    file: tuple[str, str], is_site: bool
) -> None:
    """The same without a database: more examples in less time."""
    site = parse_site(SITE)
    name, text = file
    parsed = parse(text.encode(), "/r/site", name, rules_of(site) if is_site else NO_RULES)
    fields = site.fields if is_site else ()
    rules = rules_of(Site(fields=fields))
    for item in parsed.items if isinstance(parsed, ParsedFile) else ():
        with suppress(InvalidDocument):  # a load refuses it
            stored: Document = decode(encode(item), CodecOptions(tz_aware=True))
            record = {**item_record(stored, fields, "site"), "path": item["path"]}
            line = orjson.dumps(record)
            again = parse_lines([(0, line)], "/other/site", "items.jsonl", rules)
            assert [*again.items] == [stored]
            assert not [*again.problems]


def test_an_item_keeps_its_file_and_a_draft_says_that_it_is_one(
    loader: Loader, tmp_path: Path
) -> None:
    root = tmp_path / "blog"
    write(root / "_posts/2021-09-27-a-story.md", "---\nfoo: {bar: 1}\n---\n# A story\n\nOnce.\n")
    write(root / "_drafts/b.md", "---\ntitle: B\n---\n")
    loader(root)
    report = exported(loader, tmp_path / "out")
    assert (report.items, report.unpublished) == (2, 1)
    assert report.folders == [tmp_path / "out/blog"]
    texts = contents(tmp_path / "out/blog")
    assert texts["_posts/2021-09-27-a-story.md"].decode() == (
        '---\ntitle: "A story"\ncategory: "posts"\nslug: "a-story"\n'
        'publishedDateTime: "2021-09-27T00:00:00.000Z"\n'
        'newsgraph: {"format": 1, "extra": {"foo": {"bar": 1}}}\n---\n\nOnce.\n'
    )
    assert b"\npublished: false\n" in texts["_drafts/b.md"]


def test_roots_of_one_name_and_standard_input_have_folders_of_their_own(
    loader: Loader, again: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        write(tmp_path / f"{number}/blog/a{number}.md", f"---\ntitle: A{number}\n---\n")
    loader(tmp_path / "1/blog", tmp_path / "2/blog")
    record = '{"title": "Piped"}\n'
    piped = write(tmp_path / "piped.jsonl", record)
    with piped.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        loader("-")
    report = exported(loader, tmp_path / "out")
    names = sorted(str(folder.relative_to(tmp_path / "out")) for folder in report.folders)
    assert names == ["2/blog", "blog", "standard-input"]
    again(*report.folders)
    assert stored(loader) == stored(again)


def test_a_document_that_no_file_makes_is_reported(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "blog/a.md", "---\ntitle: A\n---\n")
    write(tmp_path / "blog/b.md", "---\ntitle: B\n---\n")
    loader(tmp_path / "blog")
    edited = loader.item(title="B")
    loader.database["items"].update_one({"_id": edited["_id"]}, {"$set": {"heat": "very"}})
    report = exported(loader, tmp_path / "out")
    assert report.inexact == [edited["_id"]]


def test_no_path_leads_out_of_the_folder(loader: Loader, tmp_path: Path) -> None:
    write(tmp_path / "blog/a.md", "---\ntitle: A\n---\n")
    loader(tmp_path / "blog")
    for number, path in enumerate(("../../escaped.md", "/tmp/escaped.md", ".git/x.md")):  # noqa: S108
        source = {"file": f"{tmp_path}/blog//{path}", "content": ""}
        loader.database["items"].update_many({}, {"$set": {"path": path, "source": source}})
        exported(loader, tmp_path / "out" / str(number))
        assert sorted(contents(tmp_path / "out" / str(number))) == ["blog/items-0001.jsonl"]
    assert not [*tmp_path.rglob("escaped.md")]


def test_json_lines_are_split_into_parts(
    loader: Loader, again: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PART_BYTES", 300)
    for number in range(9):
        write(tmp_path / f"blog/{number}.md", f"---\ntitle: Story {number}\n---\n")
    loader(tmp_path / "blog")
    report = exported(loader, tmp_path / "out", as_lines=True)
    files = contents(tmp_path / "out")
    assert len(files) > 2
    assert max(map(len, files.values())) <= 301
    again(*report.folders)
    assert stored(loader) == stored(again)


@pytest.mark.parametrize("mark", ["1", "{}", "{format: 2}", "{format: '1'}", "[]", "~"])
def test_the_key_of_exported_files_is_any_key_to_other_files(mark: str) -> None:
    parsed = parse(f"---\nname: A\n{MARK}: {mark}\n---\n".encode(), "/r", "a.md")
    assert isinstance(parsed, ParsedFile)
    (item,) = parsed.items
    assert item["title"] == "A"  # `name` is read as others have it
    assert MARK in item["extra"] or mark == "~"


def test_an_exported_file_takes_nothing_from_elsewhere_and_checks_what_it_says() -> None:
    text = (
        "---\ntitle: A\nname: B\nheat: hot\ndate: 2021-01-01\n"
        f"{MARK}: {{format: 1, id: nonsense, extra: {{x: 1}}}}\n---\n# Heading\n"
    )
    parsed = parse(text.encode(), "/r", "_drafts/2021-01-01-a.md")
    assert isinstance(parsed, ParsedFile)
    (item,) = parsed.items
    assert parsed.problems.warnings == 1
    assert item["published"]
    assert "publishedDateTime" not in item
    assert item["body"] == "# Heading"
    assert item["extra"] == {"name": "B", "heat": "hot", "date": "2021-01-01", "x": 1}
    assert item["_id"] != "nonsense"
