"""A folder of documents: which files are read, with which ids, what is wrong.

Covers `document` and `manifests`, too.
"""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.documents import folder
from api.documents.document import sha256
from api.documents.folder import BadDocuments, read_documents
from api.documents.manifests import read_manifest
from tests.loaders.conftest import write

FRONT = "query Front { items { nodes { title } } }\n"
ITEM = "query Item($id: ID!) { node(id: $id) { id } }"
HASH = sha256(ITEM)


def problems(path: Path) -> list[str]:
    with pytest.raises(BadDocuments) as caught:
        read_documents(path)
    return [problem.removeprefix(f"{path}/") for problem in caught.value.problems]


def test_a_graphql_file_has_the_hash_of_its_text_and_its_name_as_ids(tmp_path: Path) -> None:
    write(tmp_path / "app/Front.graphql", FRONT)
    write(tmp_path / "not a name.gql", ITEM)
    write(tmp_path / "README.md", "Not a document.")
    write(tmp_path / ".hidden.graphql", "{")
    write(tmp_path / ".git/a.graphql", "{")
    ids = {document.text: document.ids for document in read_documents(tmp_path)}
    assert ids == {FRONT: ("Front", sha256(FRONT)), ITEM: (HASH,)}


@pytest.mark.parametrize(
    "manifest",
    [
        {"0123abcd": ITEM},
        {"sha256:0123abcd": ITEM},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": "0123abcd", "name": "Item", "type": "query", "body": ITEM}],
        },
    ],
)
def test_the_manifests_of_client_tools_are_read(tmp_path: Path, manifest: object) -> None:
    write(tmp_path / "manifest.json", orjson.dumps(manifest).decode())
    (document,) = read_documents(tmp_path)
    assert (document.text, document.ids) == (ITEM, ("0123abcd", HASH))


def test_one_text_under_several_ids_is_one_document(tmp_path: Path) -> None:
    write(tmp_path / "Item.graphql", ITEM)
    write(tmp_path / "manifest.json", orjson.dumps({"abc": ITEM}).decode())
    (document,) = read_documents(tmp_path)
    assert set(document.ids) == {"Item", "abc", HASH}


def test_each_problem_has_its_file_and_line(tmp_path: Path) -> None:
    write(tmp_path / "a.graphql", "query {\n  items {\n")
    write(tmp_path / "b.graphql", "fragment Card on Item { title }")
    write(tmp_path / "c.graphql", "type Query { a: Int }")
    write(tmp_path / "d.json", f'{{\n"x": "{FRONT.strip()}",\n"y": "query {{\\n  ("}}')
    write(tmp_path / "e/x.graphql", ITEM)
    found = problems(tmp_path)
    assert [problem.partition(": ")[0] for problem in found] == [
        "a.graphql:3:1", "b.graphql:1:1", "c.graphql:1:1", "d.json:3", "e/x.graphql:1:1",
    ]  # fmt: skip
    assert "Syntax Error" in found[0]
    assert "Put fragments into the files whose operations use them" in found[1]
    assert "only operations and fragments" in found[2]
    assert "y, line 2, column 3: Syntax Error" in found[3]
    assert "d.json:2: x, line 1, column 1 has the same id, 'x'. Rename one." in found[4]


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "null", '{"a": 1}', '{"": "{ a }"}', '{"format": "x", "version": 1}',
     '{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}',
     '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [1]}'],
)  # fmt: skip
def test_other_json_is_refused_with_what_to_write(tmp_path: Path, content: str) -> None:
    write(tmp_path / "manifest.json", content)
    (problem,) = problems(tmp_path)
    assert problem.startswith("manifest.json:1:1: This is not")


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(2**53), 2**53),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children)
    | st.fixed_dictionaries({"format": st.just("apollo-persisted-query-manifest"),
                             "version": st.just(1), "operations": children}),
    max_leaves=8,
).map(orjson.dumps))  # fmt: skip
def test_any_content_is_a_manifest_or_a_value_error(content: bytes) -> None:
    try:
        documents = list(read_manifest("m.json", content))
    except ValueError as error:
        assert str(error).startswith("This is not")  # noqa: PT017
    else:
        assert all(document.ids[0] and document.line >= 1 for document in documents)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_bytes(b"\xff{ items }")
    assert problems(tmp_path) == ["a.graphql:1:1: this is not UTF-8."]


def test_the_documents_are_bounded_in_number_and_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = {f"id{n}": f"{{ a{n}: id }}" for n in range(4)}
    write(tmp_path / "m.json", orjson.dumps(manifest).decode())
    assert len(read_documents(tmp_path)) == 4
    monkeypatch.setattr(folder, "MAX_DOCUMENTS", 3)
    assert problems(tmp_path) == [f"{tmp_path}: there are more than 3 documents."]
    monkeypatch.setattr(folder, "MAX_BYTES", 10)
    assert problems(tmp_path) == [f"{tmp_path}: the files have more than 0 MiB."]
    monkeypatch.undo()
    write(tmp_path / "m.json", orjson.dumps({f"id{n}": "{" for n in range(100)}).decode())
    assert len(problems(tmp_path)) <= folder.MAX_PROBLEMS


def test_a_folder_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == [f"{tmp_path}/none: No such file or directory."]
