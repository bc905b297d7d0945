"""Writing the index: repeatable, and whole after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from tantivy import Query

from store.audience import Audience
from store.documents import Document
from store.search.fields import id_in, open_index
from store.search.interface import Place
from store.search.writer import MAX_NOTE, IndexWriter, Locked
from tests.schema.newsroom import item

PUBLIC, EDITOR = Audience.PUBLIC, Audience.EDITOR


def names_in(folder: Path, audience: Audience, items: list[Document]) -> list[str]:
    """Return the titles that an audience's index has, of these items."""
    index = open_index(folder, audience)
    searcher = index.searcher()
    hits = searcher.search(Query.term_query(index.schema, "labels", "*"), 100).hits
    found = [id_in(searcher.doc(address)["newest"][0]) for _, address in hits]
    titles = {item["_id"]: item["title"] for item in items}
    return sorted(titles[id_] for id_ in found)


def test_each_audience_has_what_it_may_see(tmp_path: Path) -> None:
    items = [item("a"), item("b", published=False)]
    with IndexWriter(tmp_path) as writer:
        assert writer.place is None
        writer.replace(items)
        writer.commit(Place(3, "x"))
        assert writer.place == Place(3, "x")
    assert names_in(tmp_path, PUBLIC, items) == ["Story a"]
    assert names_in(tmp_path, EDITOR, items) == ["Story a", "Story b"]


def test_replacing_and_removing_can_be_repeated(tmp_path: Path) -> None:
    a, b = item("a"), item("b")
    withdrawn = item("a", published=False)
    with IndexWriter(tmp_path) as writer:
        writer.replace([a, b, a])  # in one commit, of a new index
        writer.commit(Place(1))
        assert names_in(tmp_path, PUBLIC, [a, b]) == ["Story a", "Story b"]
        for version in (2, 3):
            writer.replace([withdrawn])
            writer.remove([b["_id"], "item:unknown"])
            writer.commit(Place(version))
            assert names_in(tmp_path, PUBLIC, [a, b]) == []
            assert names_in(tmp_path, EDITOR, [a, b]) == ["Story a"]


def test_what_is_not_committed_is_forgotten(tmp_path: Path) -> None:
    a = item("a")
    with IndexWriter(tmp_path) as writer:
        writer.replace([a])
        writer.commit(Place(1, "one"))
    with IndexWriter(tmp_path) as writer:
        writer.clear()
        assert writer.place is None
        writer.replace([item("b")])
    with IndexWriter(tmp_path) as writer:
        assert writer.place == Place(1, "one")
        assert names_in(tmp_path, PUBLIC, [a]) == ["Story a"]
        writer.clear()
        writer.replace([a])
        writer.commit(Place(2))
        assert names_in(tmp_path, PUBLIC, [a]) == ["Story a"]


def test_a_damaged_item_is_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    items = [item("a"), {**item("b"), "title": 5}, {**item("c"), "tags": "no list"}]
    with IndexWriter(tmp_path) as writer:
        writer.replace(items)
        writer.commit(Place(1))
    assert "Story a" in names_in(tmp_path, PUBLIC, items)
    assert items[1]["_id"] in caplog.text


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with IndexWriter(tmp_path), pytest.raises(Locked, match="Another process"):
        IndexWriter(tmp_path)
    IndexWriter(tmp_path).close()


def test_a_note_has_a_bound(tmp_path: Path) -> None:
    with IndexWriter(tmp_path) as writer:
        writer.commit(Place(1, "x" * MAX_NOTE))
        with pytest.raises(ValueError, match="10000 fit"):
            writer.commit(Place(1, "x" * (MAX_NOTE + 1)))


def test_a_killed_writer_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from store.search.interface import Place
        from store.search.writer import IndexWriter
        from tests.schema.newsroom import item
        writer = IndexWriter(Path(sys.argv[1]))
        version = 0
        while True:
            version += 1
            writer.replace([item(str(version))])
            writer.commit(Place(version))
            print(version, flush=True)
    """
    command = [sys.executable, "-c", dedent(program), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout
        for _ in range(5):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        last = int((process.stdout.read().split() or [str(last)])[-1])
    with IndexWriter(tmp_path) as writer:
        assert writer.place
        assert writer.place.version in (last, last + 1)
        items = [item(str(number)) for number in range(1, last + 3)]
        found = names_in(tmp_path, PUBLIC, items)
        assert len(found) == writer.place.version
        assert len(names_in(tmp_path, EDITOR, items)) in (len(found), len(found) + 1)
