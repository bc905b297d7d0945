"""`newsgraph schema check`."""

from pathlib import Path

import pytest

from tests.api.conftest import newsgraph
from tests.loaders.conftest import write

PRICES = "query Prices {\n  items { nodes { title price } }\n}\n"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder of documents, of which one needs the field of a site."""
    folder = tmp_path / "documents"
    write(folder / "Prices.graphql", PRICES)
    write(folder / "Titles.graphql", "{ items { nodes { title } } }")
    return folder


def test_a_site_file_decides_what_is_valid(documents: Path, tmp_path: Path) -> None:
    wrong = newsgraph("schema", "check", str(documents))
    assert wrong.returncode == 1
    assert wrong.stdout.splitlines() == [
        f"{documents}/Prices.graphql:2:25: Cannot query field 'price' on type 'Item'.",
        "2 documents, 1 invalid",
    ]
    write(tmp_path / "site/newsgraph.yaml", "fields: {price: String}")
    site = str(tmp_path / "site")
    right = newsgraph("schema", "check", "--site", site, NEWSGRAPH_DOCUMENTS=str(documents))
    assert (right.returncode, right.stdout) == (0, "2 documents, 0 invalid\n")


def test_a_change_of_a_type_is_told_although_the_documents_stay_valid(
    documents: Path, tmp_path: Path
) -> None:
    write(tmp_path / "site/newsgraph.yaml", "fields: {price: String}")
    site = str(tmp_path / "site")
    since = write(tmp_path / "old.graphql", newsgraph("schema", site).stdout)
    same = newsgraph("schema", "check", str(documents), "--site", site, "--since", str(since))
    assert (same.returncode, same.stdout) == (0, "2 documents, 0 invalid\n")
    write(tmp_path / "site/newsgraph.yaml", "fields: {price: Float}")
    changed = newsgraph("schema", "check", str(documents), "--site", site, "--since", str(since))
    assert changed.returncode == 1
    assert changed.stdout.splitlines() == [
        "breaking: Field Item.price changed type from String to Float.",
        f"  {documents}/Prices.graphql:1:1 uses it",
        "2 documents, 0 invalid",
    ]


def test_what_cannot_be_read_is_reported(documents: Path, tmp_path: Path) -> None:
    no_schema = write(tmp_path / "none.graphql", "{")
    for arguments, message in (
        ((str(tmp_path / "nowhere"),), "No such file or directory"),
        ((str(documents), "--since", str(no_schema)), "this is not a GraphQL schema"),
        ((str(documents), "--since", str(tmp_path / "nowhere")), "No such file or directory"),
        ((), "name the folder of your documents, here or in NEWSGRAPH_DOCUMENTS"),
    ):
        run = newsgraph("schema", "check", *arguments)
        assert (run.returncode, message in run.stderr) == (2, True), run.stderr
