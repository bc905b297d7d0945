"""Which format a file is parsed in, which documents of it win, and what is not content.

Covers `parsed_file` too.
"""

from typing import NamedTuple

import pytest

from loaders.parse import decode, parse, parse_lines
from loaders.parsed_file import NotContent
from loaders.targets import STANDARD_INPUT
from tests.loaders.parsed import messages, only_item, parsed

FRONT = "---\ntitle: A\n---\nbody\n"


@pytest.mark.parametrize(
    ("path", "text", "body"),
    [
        ("a.md", FRONT, "body"),
        ("a.TXT", FRONT, "body"),
        ("a.html", FRONT, "body"),
        ("a.md", FRONT.replace("\n", "\r\n"), "body"),
        ("a.md", f"\ufeff{FRONT}", "body"),
        ("a.yaml", FRONT, "body"),
        ("a.yml", "title: A\n", None),
        ("a.yml", "---\ntitle: A\n", None),
        ("a.json", '{"title": "A", "body": "body"}', "body"),
        ("a.ndjson", '\n{"title": "A", "body": "body"}\r\n\n', "body"),
    ],
)
def test_the_suffix_decides_the_format(path: str, text: str, body: str | None) -> None:
    item = only_item(parsed(text, path))

    assert item["title"] == "A"
    assert item.get("body") == body


@pytest.mark.parametrize(
    "path", ["README.md", "docs/readme.txt", "LICENSE.txt", "Code_of_Conduct.md", "robots.txt"]
)
def test_files_about_a_repository_are_skipped_unless_they_have_front_matter(path: str) -> None:
    assert parse(b"# About\n", "/site", path) == NotContent("is about the repository")
    assert only_item(parsed(FRONT, path))["path"] == path


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("404.html", "<!DOCTYPE html>\n<title>Not found</title>", "has no front matter"),
        ("empty.html", "", "has no front matter"),
        ("tsconfig.build.json", '{"extends": "./tsconfig.json"}', "has no key that a field reads"),
        ("a.json", "[1, 2]", "has no key that a field reads"),
        ("a.json", '[{"x": 1}, {"y": 2}]', "has no key that a field reads"),
        ("a.json", '{"value": [{"x": 1}]}', "has no key that a field reads"),
        ("a.yaml", "x: 1\n", "has no key that a field reads"),
        ("a.yaml", "- x: 1\n- 5\n", "has no key that a field reads"),
        ("_data/en.yaml", "tags: Tags\n", "has no key that a field reads"),
        ("search.json", "---\nlayout: null\n---\n[{% for post in posts %}]", "is a template"),
    ],
)
def test_files_without_anything_of_an_item_are_not_content(
    path: str, text: str, reason: str
) -> None:
    assert parse(text.encode(), "/site", path) == NotContent(reason)


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("a.html", "\n---\ntitle: A\n---\n<p>", "1:1 front matter is missing"),
        ("a.html", "--\ntitle: A\n--\n<p>", "1:1 front matter is missing"),
        ("a.html", "---\ntitle: A\n<p>", "1:1 front matter is not closed"),
        ("a.json", "{}", "1:1 title is missing"),
        ("a.json", '{"title": null}', "1:11 title is missing"),
        ("a.json", '{"excerpt": "A"}', "1:1 title is missing"),
        ("a.json", '[{"x": 1}, {"title": "A"}]', "1:2 title is missing"),
        ("a.json", '{"title": "A",', "1:15 JSON unexpected end of data"),
    ],
)
def test_a_broken_item_is_an_error(path: str, text: str, problem: str) -> None:
    assert messages(text, path)[0].startswith(problem)


def test_a_file_whose_name_only_begins_like_readme_is_content() -> None:
    assert messages("Readmeter\n", "readmeter.txt")[0].endswith("[no-front-matter]")


class _Position(NamedTuple):
    data: bytes
    start: str


@pytest.mark.parametrize(
    "bad",
    [
        _Position(b"a\n\xff", "2:1 text byte 0xff"),
        _Position("é".encode() + b"\xc3", "1:2 text byte 0xc3"),
        _Position("\ufeffé\n".encode() + b"a\x80", "2:2 text byte 0x80"),
        _Position(b"a\nb\0", "2:2 text contains a NUL"),
    ],
)
def test_bytes_that_are_not_text_have_a_position(bad: _Position) -> None:
    file = parsed(bad.data)

    (problem,) = file.problems
    text = f"{problem.line}:{problem.column} {problem.field} {problem.message}"
    assert text.startswith(bad.start)


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert decode("\ufeffa".encode()) == "a"


def test_a_broken_line_does_not_affect_the_others() -> None:
    data = b'{"title": "A"}\n{"title": \n5\n\xff\n{"title": "B"}\n'
    file = parsed(data, "a.jsonl")

    assert [item["title"] for item in file.items] == ["A", "B"]
    assert [(problem.line, problem.code) for problem in file.problems] == [
        (2, "json"),
        (3, "shape"),
        (4, "encoding"),
    ]


def test_items_of_one_file_have_paths_of_their_own() -> None:
    text = '[{"title": "A"}, {"title": "B", "path": "b.md"}]'

    assert [item["path"] for item in parsed(text, "a.json").items] == ["a.json#1", "b.md"]
    assert [item["path"] for item in parsed('{"title": "A"}', "a.json").items] == ["a.json"]
    assert [item["path"] for item in parsed('\n{"title": "A"}', "a.jsonl").items] == ["a.jsonl#2"]


def test_items_of_standard_input_are_known_by_their_content() -> None:
    lines = [(0, b'{"title": "A"}'), (1, b'{"title": "B"}'), (2, b'{"title": "A"}')]

    file = parse_lines(lines, STANDARD_INPUT, "-")

    paths = [item["path"] for item in file.items]
    assert len(paths) == 2
    assert all(path.startswith("-#") for path in paths)
    assert file.superseded == [paths[0]]


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ('"updatedDateTime": "2020-01-02"', '"updatedDateTime": "2020-01-01"', "a.json#1"),
        ('"updatedDateTime": "2020-01-01"', '"updatedDateTime": "2020-01-02"', "a.json#2"),
        ('"heat": 1', '"heat": 2', "a.json#2"),
        ('"path": "same"', '"path": "same", "heat": 2', "same"),
    ],
)
def test_of_two_items_with_one_id_in_a_file_the_best_or_the_later_wins(
    first: str, second: str, winner: str
) -> None:
    url = '"title": "A", "webUrl": "https://example.com/a"'
    file = parsed(f"[{{{url}, {first}}}, {{{url}, {second}}}]", "a.json")

    assert only_item(file)["path"] == winner
    assert len(file.superseded) == 1
    if winner == "same":
        assert only_item(file)["heat"] == 2


@pytest.mark.parametrize(
    ("json", "message"),
    [
        ('{"title": "A", "path": 5}', "1:24 path is not text [shape]"),
        ('{"title": "A", "content": 5}', "1:27 content is not text [shape]"),
        ('{"title": "A", "body": [], "content": ""}', "1:24 body is not text [shape]"),
    ],
)
def test_a_path_and_a_body_must_be_text(json: str, message: str) -> None:
    assert messages(json, "a.json") == [message]


def test_lines_of_front_matter_count_from_the_beginning_of_the_file() -> None:
    assert messages("---\ntitle: A\nheat: x\n---\n", "a.md")[0].startswith("3:7 ")
    assert messages("title: A\nheat: x\n", "a.yaml")[0].startswith("2:7 ")
