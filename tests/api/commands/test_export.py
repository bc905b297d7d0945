"""`newsgraph export`."""

import json
from pathlib import Path

from tests.api.conftest import newsgraph
from tests.loaders.conftest import Loader, loader, write

__all__ = ["loader"]


def test_an_export_is_one_command_and_refuses_a_folder_that_is_not_empty(
    loader: Loader, tmp_path: Path
) -> None:
    write(tmp_path / "blog/a.md", "---\ntitle: A\n---\nText\n")
    write(tmp_path / "blog/b.md", "---\ntitle: B\npublished: false\n---\n")
    loader(tmp_path / "blog")
    where = {"NEWSGRAPH_MONGODB_URI": loader.uri, "NEWSGRAPH_DATABASE": loader.database.name}
    out = tmp_path / "out"
    run = newsgraph("export", str(out), "--as", "jsonl", **where)
    assert run.returncode == 0
    assert run.stdout.splitlines() == [
        "2 items (1 unpublished), 0 definitions in 1 folder",
        f"  {out}/blog",
    ]
    lines = (out / "blog/items-0001.jsonl").read_text().splitlines()
    published = {json.loads(line)["title"]: json.loads(line).get("published") for line in lines}
    assert published == {"A": None, "B": False}
    run = newsgraph("export", str(out), **where)
    assert (run.returncode, "is not empty" in run.stderr) == (2, True)
    assert "write files or jsonl" in newsgraph("export", str(out), "--as", "xml", **where).stderr
