"""`newsgraph build`."""

import json
from pathlib import Path

from loaders.load import load
from loaders.options import Options
from tests.api.conftest import newsgraph
from tests.loaders.conftest import write


def test_a_build_follows_the_corpus_and_shows_drafts_to_editors_only(
    mongod: str, database_name: str, tmp_path: Path
) -> None:
    content, site = tmp_path / "content", tmp_path / "site"
    write(content / "newsgraph.yaml", "fields: {price: String}")
    write(content / "a.md", "---\ntitle: A\nprice: '1'\n---\n")
    write(content / "b.md", "---\ntitle: Secret\npublished: false\n---\n")
    queries = tmp_path / "queries"
    write(
        queries / "All.graphql",
        "query ($after: String) { items(first: 1, after: $after) "
        "{ nodes { title price } pageInfo { hasNextPage endCursor } } }",
    )
    where = {"NEWSGRAPH_MONGODB_URI": mongod, "NEWSGRAPH_DATABASE": database_name}
    arguments = ("build", "--queries", str(queries), "--to", str(site))

    def load_all() -> None:
        load([str(content)], uri=mongod, database=database_name, options=Options(jobs=1))

    load_all()
    run = newsgraph(*arguments, **where)
    assert (run.returncode, run.stdout) == (0, "1 file written, 0 unchanged, 0 removed\n")
    (node,) = json.loads((site / "All.json").read_bytes())["data"]["items"]["nodes"]
    assert node == {"title": "A", "price": "1"}

    write(content / "c.md", "---\ntitle: C\n---\n")
    load_all()
    write(queries / "Broken.graphql", "{ nothing }")
    broken = newsgraph(*arguments, **where)
    assert broken.returncode == 1
    assert "Broken.graphql: Broken: Cannot query field 'nothing'" in broken.stderr
    assert broken.stdout == "2 files written, 0 unchanged, 0 removed\n"
    assert "Secret" not in "".join(path.read_text() for path in site.rglob("*.json"))

    (queries / "Broken.graphql").unlink()
    editor = newsgraph(*arguments, "--audience", "editor", **where)
    assert editor.stdout == "3 files written, 0 unchanged, 0 removed\n"
    assert "Secret" in "".join(path.read_text() for path in site.rglob("*.json"))


def test_a_wrong_query_and_a_wrong_audience_are_reported(tmp_path: Path) -> None:
    path = write(tmp_path / "Broken.graphql", "{")
    arguments = ("build", "--queries", str(tmp_path), "--to", str(tmp_path / "site"))
    run = newsgraph(*arguments)
    assert (run.returncode, f"{path}:1:2: Syntax Error" in run.stderr) == (2, True)
    assert "write public or editor" in newsgraph(*arguments, "--audience", "all").stderr
