"""Site files that are inferred from folders.

Covers `forms`, `key_values`, `guess`, `infer`, `site_text`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders import workers, yaml_nodes
from loaders.dates import parse_date
from loaders.formats import SITE_FILE
from loaders.infer import infer
from loaders.key_values import MAX_MEMBERS, MAX_VALUES
from loaders.known_keys import ITEM
from loaders.options import Options
from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from loaders.site_file import parse_site
from loaders.site_rules import rules_of
from loaders.site_text import site_text
from loaders.untaken import MAX_KEYS
from loaders.values import Value
from store.fields import TABLES
from store.site_fields import MAX_FILTERS, SiteField
from store.site_types import MAX_FIELD_NAME, MAX_FIELDS, Scalar, SiteType, type_of
from tests.loaders.conftest import write


def inferred(folder: Path, jobs: int = 1) -> str:
    """Return the site file of a folder, which has to be valid."""
    text = site_text(infer(str(folder), Options(jobs=jobs)))
    parse_site(text)
    return text


def of_front_matter(folder: Path, *files: str) -> str:
    """Return the site file of a folder that has these texts as the front matter of files."""
    for number, text in enumerate(files):
        write(folder / f"{number}.md", f"---\ntitle: A\n{text}\n---\n")
    return inferred(folder)


def fields_of(text: str) -> dict[str, SiteField]:
    """Return the fields of a site file by their keys."""
    return {field.key: field for field in parse_site(text).fields}


def comments(text: str) -> list[str]:
    """Return the comments of a site file, but for those at its top."""
    return [line.strip(" #") for line in text.splitlines()[3:] if line.lstrip().startswith("#")]


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["Free"], "String"),
        (["5", "-12", "0"], "Int"),
        (["5", "4.5"], "Float"),
        (["3000000000"], "Float"),
        (["true", "no"], "Boolean"),
        (["2020-02-05", "5 February 2020 16:08"], "DateTime"),
        (["https://example.com/a", '"https://example.com/b?c"'], "URL"),
        (["[a, b]", "[]"], "[String!]"),
        (["a", "[b]"], "[String!]"),
        (["[1, 2]"], "[Int!]"),
        (["{a: 1, b: x}", "{a: 2}"], {"a": "Int", "b": "String"}),
        (["[{a: 1}, {a: 2.5}]"], [{"a": "Float"}]),
        (["{a: {b: {c: x}}}"], {"a": {"b": {"c": "String"}}}),
        # What another type would change.
        (["'5'"], "String"),
        (["007"], "String"),
        (["1_000"], "String"),
        (["10:00"], "String"),
        (["+5"], "String"),
        (["0x1F"], "String"),
        (["1.10", "1.2"], "String"),
        (["9007199254740993"], "String"),
        (["2020-02-05T16:08:00.123456Z"], "String"),
        (["01/02/2020"], "String"),
        (["'https://example.com/a '", "https://example.com/"], "String"),
        (["5", "about 5"], "String"),
        (["true", "perhaps"], "String"),
        (["''", "5"], "String"),
        # What only JSON can hold.
        (["a", "{b: c}"], "JSON"),
        (["[[a]]"], "JSON"),
        (["{a-b: 1}"], "JSON"),
        (["{}"], "JSON"),
        (["{a: {b: {c: {d: x}}}}"], {"a": {"b": {"c": "JSON"}}}),
    ],
)
def test_the_type_is_the_narrowest_that_changes_no_value(
    tmp_path: Path, values: list[str], type_: object
) -> None:
    text = of_front_matter(tmp_path, *(f"price: {value}" for value in values))
    assert fields_of(text)["price"].type == type_of(type_)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([True, "x"], "JSON"),
        ([1, "x"], "String"),
        ([[1, None]], "JSON"),
        ([{"a": None}], "JSON"),
        ([1.5, 2], "Float"),
        ([1.10], "Float"),
    ],
)
def test_values_of_json_have_types_already(
    tmp_path: Path, values: list[Value], type_: object
) -> None:
    items = [{"title": "A", "price": value} for value in values]
    write(tmp_path / "a.json", json.dumps(items))
    assert fields_of(inferred(tmp_path))["price"].type == type_of(type_)


def test_few_values_make_a_filter_and_stand_in_the_description(tmp_path: Path) -> None:
    text = of_front_matter(tmp_path, *["price: Free"] * 5, *["price: Paid"] * 2, "price: ''")
    assert not fields_of(text)["price"].filter  # a label cannot be empty
    (tmp_path / "7.md").unlink()
    text = inferred(tmp_path)
    (field,) = parse_site(text).fields
    assert (field.filter, field.description) == (True, "Such as Free, Paid.")
    assert comments(text)[-1] == "In 7 files. Values: Free (5), Paid (2)."


@pytest.mark.parametrize(
    "values", [["a", "b"], [f"value {number}" for number in range(13)] * 3, ["a" * 41] * 9]
)
def test_many_rare_or_long_values_make_no_filter(tmp_path: Path, values: list[str]) -> None:
    (field,) = parse_site(of_front_matter(tmp_path, *(f"x: {value}" for value in values))).fields
    assert (field.filter, field.description) == (False, "")


def test_files_that_keep_a_key_from_a_narrower_type_are_named_by_line(tmp_path: Path) -> None:
    files = ["year: 2020"] * 4 + ["x: 1\nyear: about 2020", "x: [1]\ny: {z: 3}\nyear: ~2021"]
    text = of_front_matter(tmp_path, *files)
    assert fields_of(text)["year"].type == type_of("String")
    assert "Whole numbers in 4; text in 2 (4.md:4, 5.md:5)." in comments(text)
    assert "One value instead of a list in 1 (4.md:3)." in comments(text)


def test_only_some_places_are_named(tmp_path: Path) -> None:
    text = of_front_matter(tmp_path, *["year: 2020"] * 9, *["year: old"] * 7)
    where = "9.md:3, 10.md:3"  # files are read in the order of their paths
    assert "text in 7 (10.md:3, 11.md:3, 12.md:3, 13.md:3, 14.md:3, …)." in text
    assert where not in text


def test_members_are_described_too(tmp_path: Path) -> None:
    text = of_front_matter(tmp_path, "a: {b: 1}", "a: {b: 2}", "a: {b: x}")
    assert "b: Whole numbers in 2; text in 1 (2.md:3)." in comments(text)


def test_links_are_made_of_values_that_are_all_known(tmp_path: Path) -> None:
    front = "webUrl: https://example.com/{n}\ntopics: [AI, Bees, Cats]\nauthors: [Ada, Li, Mo]\n"
    links = [
        "next: https://EXAMPLE.com/1/\nabout: AI\nby: [Ada, Li, Mo]\nlater: https://example.com/9",
        "next: https://example.com/0\nabout: [Bees, Cats]\nby: Mo\nsome: [AI, Bees, Dogs]",
    ]
    files = [front.replace("{n}", str(number)) + text for number, text in enumerate(links)]
    fields = fields_of(of_front_matter(tmp_path, *files))
    assert {key: str(field.type) for key, field in fields.items()} == {
        "next": "Item",
        "about": "[Topic!]",
        "by": "[Author!]",
        "later": "URL",
        "some": "[String!]",
    }


def test_unpublished_items_are_no_reason_for_a_link(tmp_path: Path) -> None:
    files = ["next: https://example.com/1", "webUrl: https://example.com/1\npublished: false"]
    assert fields_of(of_front_matter(tmp_path, *files))["next"].type == type_of("URL")


def test_names_are_what_graphql_takes_and_newsgraph_does_not_have(tmp_path: Path) -> None:
    keys = "read-time read_time ReadTime größe 2020 __x byline heat- 日本 中国 no ?".split()
    text = of_front_matter(tmp_path, "\n".join(f'"{key}": x' for key in keys))
    fields = fields_of(text)
    names = {key: fields[key].name for key in keys if key in fields}
    assert names == {
        "read-time": "readTime",
        "read_time": "read_time",
        "ReadTime": "ReadTime",
        "größe": "groe",
        "2020": "site2020",
        "__x": "x",
        "byline": "siteByline",
        "heat-": "siteHeat",
        "?": "field",
        "中国": "siteField",
        "日本": "siteField2",
        "no": "no",
    }


def test_keys_that_stand_for_fields_are_only_made_fields_where_they_never_do(
    tmp_path: Path,
) -> None:
    text = of_front_matter(
        tmp_path,
        "excerpt: a\nsummary: b\ndescription: c",
        "description: d",
        "pubdate: 2020-01-01",
        "provider: {domain: example.com, mood: good}",
    )
    assert fields_of(text).keys() == {"summary", "pubdate"}
    assert comments(text)[-3:] == [
        "No fields were made of these keys:",
        "- description: in 1 file; 1 item without another excerpt need it as that",
        "- provider.mood: in 1 file; inside a field of newsgraph's own",
    ]
    meant = "Did you mean pubDate? Then write names: {publishedDateTime: [pubdate]}"
    assert meant in text.replace("\n  # ", " ")


def test_paths_are_addresses_once_the_site_has_one(tmp_path: Path) -> None:
    text = of_front_matter(tmp_path, "permalink: /a/")
    assert "\n# url: https://www.example.com\n" in text
    assert comments(text)[-1].startswith("With the url of the site, paths are the webUrl.")

    write(tmp_path / "newsgraph.yaml", "url: https://www.example.com\n")
    text = inferred(tmp_path)
    assert "url:" not in text
    assert not fields_of(text)


def test_a_folder_without_such_keys(tmp_path: Path) -> None:
    assert of_front_matter(tmp_path, "locale: en", "x:").endswith("\nfields: {}\n")


def test_keys_members_values_and_fields_are_bounded(tmp_path: Path) -> None:
    wide: Value = {f"m{number}": number for number in range(MAX_MEMBERS + 1)}
    bushy: Value = {f"a{number}": {f"b{below}": 1 for below in range(9)} for number in range(9)}
    items: list[dict[str, Value]] = [
        {"title": "A", "path": f"{number}", "wide": wide, "bushy": bushy, "value": number}
        for number in range(MAX_VALUES + 5)
    ]
    items += [{"title": "B", "path": "b", f"key{number}": "x"} for number in range(MAX_KEYS + 5)]
    items.append({"title": "C", "x" * (MAX_FIELD_NAME + 1): 1, "long": {"x" * 1000: 1}})
    items.insert(0, items.pop())
    write(tmp_path / "a.json", json.dumps(items))
    found = infer(str(tmp_path), Options(jobs=1))
    assert len(found.by_key) == MAX_KEYS
    assert len(found.by_key["value"].values) == MAX_VALUES
    assert not any(found.by_key[key].members for key in ("wide", "bushy", "long"))
    assert max(map(len, found.by_key)) <= MAX_FIELD_NAME
    text = inferred(tmp_path)
    fields = parse_site(text).fields
    assert len(fields) == MAX_FIELDS
    assert fields_of(text)["wide"].type == fields_of(text)["bushy"].type == type_of("JSON")
    assert "at least" in text.splitlines()[-1]


def test_no_more_fields_filter_than_may(tmp_path: Path) -> None:
    keys = "\n".join(f"k{number}: x" for number in range(MAX_FILTERS + 5))
    fields = parse_site(of_front_matter(tmp_path, *[keys] * 3)).fields
    assert sum(field.filter for field in fields) == MAX_FILTERS


def test_a_file_with_errors_is_counted(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\ntitle: [\n---\n")
    write(tmp_path / "b.md", "---\ntitle: B\nprice: 3\n---\n")
    os.mkfifo(tmp_path / "c.md")
    found = infer(str(tmp_path), Options(jobs=1))
    assert (found.files, found.failed) == (1, 2)


def test_worker_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BATCH", 3)
    files = [f"a: {number % 4}\nb: {{c: [{number}, x]}}\nd: v{number % 2}" for number in range(20)]
    text = of_front_matter(tmp_path, *files, "a: x")
    assert inferred(tmp_path, jobs=2) == text


def test_the_keys_of_tables_become_fields_too(tmp_path: Path) -> None:
    text = of_front_matter(
        tmp_path,
        "params: {price: 3, author: Ada, title: B}",
        "extra: {price: free, mood: good}",
        "price: 4\ntaxonomies: {series: [a], tags: [b]}",
        "params: [x]",
    )
    types = {key: str(field.type) for key, field in fields_of(text).items()}
    assert types == {"price": "String", "mood": "String", "series": "[String!]"}
    assert "# In 3 files." in text
    assert comments(text)[-2:] == [
        "- title: in 1 file; is a field of newsgraph's own; write another name, and key: title",
        "- params: in 1 file; not a mapping",
    ]


# YAML and JSON write the others differently.
_FLOATS = st.floats(-9, 9).filter(lambda number: "e" not in repr(number))
_SCALARS = st.sampled_from(
    ["x", "", " a ", "5", "1.10", "2020-01-01", "https://example.com/a", "no", "a: b", "\n", "日本"]
) | st.integers(-5, 2**40) | st.booleans() | _FLOATS  # fmt: skip
_VALUES = st.recursive(
    _SCALARS | st.none(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c-d", "url", "__e"]), below, max_size=3)
    ),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["price", "read-time", "items", "wordCount", "months", "extra", "params", "日本", "no"]
) | st.text(max_size=5).filter(lambda key: key not in {*ITEM, "path", "content"})  # fmt: skip


def _as_text(value: Any) -> Any:
    """Return a value with its scalars as text, and without null."""
    if isinstance(value, dict):
        return {key: _as_text(below) for key, below in value.items() if below is not None}
    if isinstance(value, list):
        return [_as_text(member) for member in value if member is not None]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_nulls(value: Any) -> Any:
    """Return what a YAML text has, in which null is the only `null`, without that."""
    if isinstance(value, dict):
        return {key: _without_nulls(below) for key, below in value.items() if below != "null"}
    if isinstance(value, list):
        return [_without_nulls(member) for member in value if member != "null"]
    return value


def _comes_back(stored: Any, given: Any, type_: SiteType) -> bool:
    """Return whether a stored value is what a file has, with its scalars as text."""
    if type_.many:
        members = given if isinstance(given, list) else [given]
        single = type_._replace(many=False)
        return len(stored) == len(members) and all(
            _comes_back(*pair, single) for pair in zip(stored, members, strict=True)
        )
    if type_.members:
        # What an empty list would hold is not known.
        assert {name for name in given if given[name] != []} <= dict(type_.members).keys()
        return all(
            _comes_back(stored[name], given[name], below) if name in given else not stored.get(name)
            for name, below in type_.members
        )
    if type_.kind is Scalar.DATE_TIME:
        return bool(stored == parse_date(given))
    if type_.kind is Scalar.FLOAT:
        return bool(stored == float(given))
    return bool(_as_text(stored) == given)


def _given(source: Any, key: str) -> Any:
    """Return what a file has under a key, or under that key of the first table that has it."""
    tables = [source.get(table) for table in TABLES]
    mappings = [source, *(table for table in tables if isinstance(table, dict))]
    return next((found for mapping in mappings if (found := mapping.get(key)) is not None), None)


@given(st.lists(st.dictionaries(_KEYS, _VALUES, max_size=6), min_size=1, max_size=8))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_all_values_come_back_after_the_site_file_is_saved(
    tmp_path: Path, items: list[dict[str, Value]]
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    files: dict[str, tuple[str, Any]] = {}
    for number, item in enumerate(items):
        front = yaml.safe_dump(item, allow_unicode=True)
        source = _without_nulls(yaml.load(front, yaml.CBaseLoader))  # noqa: S506
        files[f"{number}.md"] = f"---\n{front}---\n# A\n", source
        files[f"{number}.json"] = json.dumps({"title": "A", **item}), _as_text(item)
    for path, (text, _) in files.items():
        write(tmp_path / path, text)
    site = inferred(tmp_path)
    rules = rules_of(parse_site(site))
    for path, (text, source) in files.items():
        found = parse(text.encode(), "/site", path, rules)
        assert isinstance(found, ParsedFile)
        assert not [*found.problems]
        (document,) = found.items
        for field in rules.site.fields:
            by_type = document.get("site", {}).get(field.name)
            if (given := _given(source, field.key)) is None:
                assert by_type is None
            else:
                (stored,) = by_type.values()
                assert _comes_back(stored, given, field.type), (field, stored, given)


def test_a_folder_with_a_site_file_gets_what_that_lacks(tmp_path: Path) -> None:
    write(tmp_path / SITE_FILE, "fields: {price: String}\nnames: {topics: [subjects]}\n")
    text = of_front_matter(tmp_path, "price: 3\nsubjects: AI\nmood: good\nprice-: 4")
    assert [field.name for field in parse_site(text).fields] == ["mood", "sitePrice"]
    assert text.splitlines()[1].startswith("# The folder has a newsgraph.yaml.")


def test_the_public_learns_nothing_of_unpublished_items(tmp_path: Path) -> None:
    hidden = "published: false\nprice: Secret\nplan: Secret"
    text = of_front_matter(tmp_path, *["price: Free"] * 5, hidden)
    fields = fields_of(text)
    assert (fields["price"].audience, fields["price"].description) == ("public", "Such as Free.")
    assert (fields["plan"].audience, fields["plan"].description) == ("editor", "")


def test_a_text_too_large_to_find_values_in_is_read_nevertheless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_nodes, "MAX_NODES", 1000)
    lines = "\n".join(f"a{number}: 5" for number in range(500))
    text = of_front_matter(tmp_path, lines)
    assert fields_of(text)["a0"].type == type_of("String")
    assert infer(str(tmp_path), Options(jobs=1)).failed == 0
