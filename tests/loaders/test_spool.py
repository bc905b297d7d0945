"""Spooled entries come back as they were, from memory or from a file."""

from hypothesis import given
from hypothesis import strategies as st

from loaders.spool import Spool
from store.writing.manifest import Entry

_paths = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    entries=st.lists(st.builds(Entry, _paths, st.sampled_from(["", "d1"]), st.integers(0, 9))),
    size=st.integers(1, 5),
    in_memory=st.sampled_from([1, 40, 10_000]),
)
def test_entries_come_back_in_batches(entries: list[Entry], size: int, in_memory: int) -> None:
    spool = Spool(in_memory)
    for entry in entries:
        spool.add(entry)
    assert len(spool) == len(entries)
    batches = list(spool.batches(size))
    spool.close()
    assert [one for batch in batches for one in batch] == entries
    assert all(len(batch) == size for batch in batches[:-1])
