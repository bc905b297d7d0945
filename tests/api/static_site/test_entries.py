"""The queries of a folder, and the variables beside them."""

import json
from pathlib import Path

import pytest

from api.documents.folder import BadDocuments, read_documents
from api.static_site import entries
from api.static_site.entries import read_entries
from tests.loaders.conftest import write

FRONT = (
    "query ($first: Int, $after: String) { items(first: $first, after: $after) { nodes { id } } }"
)


def test_each_query_has_an_answer_for_each_of_its_variables(tmp_path: Path) -> None:
    write(tmp_path / "Front.graphql", FRONT)
    write(tmp_path / "Front.variables.json", json.dumps([{"first": 1}, {"after": "x"}]))
    write(tmp_path / "pages/Topic.gql", "{ topics { nodes { id } } }")
    write(tmp_path / "pages/Topic.variables.json", json.dumps({"sea": {}, "land-use": {}}))
    write(tmp_path / "Plain.graphql", "{ corpus { version } }")
    write(tmp_path / ".drafts/Hidden.graphql", "{")
    found = read_entries(tmp_path)
    assert [(one.name, one.variables, one.has_pages) for one in found] == [
        ("Front/1", {"first": 1}, True),
        ("Front/2", {"after": "x"}, False),
        ("Plain", {}, False),
        ("pages/Topic/sea", {}, False),
        ("pages/Topic/land-use", {}, False),
    ]
    assert len(read_documents(tmp_path)) == 3  # the same folder can hold trusted documents


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ("{", "this is not JSON"),
        ("1", "write a list of variables"),
        ("[1]", "write a list of variables"),
        ('{"../up": {}}', "cannot name a file"),
        ('{".hidden": {}}', "cannot name a file"),
        ('{"a/b": {}}', "cannot name a file"),
    ],
)
def test_wrong_variables_are_reported(tmp_path: Path, variables: str, message: str) -> None:
    write(tmp_path / "Front.graphql", FRONT)
    write(tmp_path / "Front.variables.json", variables)
    with pytest.raises(BadDocuments, match=message):
        read_entries(tmp_path)


def test_broken_queries_and_equal_names_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path / "A.graphql", "{")
    write(tmp_path / "B.graphql", "{ a }")
    write(tmp_path / "B.gql", "{ b }")
    with pytest.raises(BadDocuments) as caught:
        read_entries(tmp_path)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        f"{tmp_path}/A.graphql:1:2",
        f"{tmp_path}/B.graphql",
    ]


def test_the_number_of_answers_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "Front.graphql", FRONT)
    write(tmp_path / "Front.variables.json", json.dumps([{}] * 4))
    monkeypatch.setattr(entries, "MAX_ENTRIES", 3)
    with pytest.raises(BadDocuments, match="more than 3 answers"):
        read_entries(tmp_path)


def test_a_folder_that_is_none_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadDocuments, match="is not a folder"):
        read_entries(tmp_path / "none")
