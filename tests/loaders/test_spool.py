"""Spooled files come back as they were, from memory or from a file."""

from hypothesis import given
from hypothesis import strategies as st

from loaders.spool import Spool
from store.writing.manifest import LoadedFile

_paths = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    files=st.lists(st.builds(LoadedFile, _paths, st.sampled_from(["", "d1"]), st.integers(0, 9))),
    size=st.integers(1, 5),
    in_memory=st.sampled_from([1, 40, 10_000]),
)
def test_files_come_back_in_batches(files: list[LoadedFile], size: int, in_memory: int) -> None:
    spool = Spool(in_memory)
    for file in files:
        spool.add(file)
    assert len(spool) == len(files)
    batches = list(spool.batches(size))
    spool.close()
    assert [one for batch in batches for one in batch] == files
    assert all(len(batch) == size for batch in batches[:-1])
