"""The ids of the change feed, `store/changes.py`: those of versions sort as their numbers do."""

from hypothesis import given
from hypothesis import strategies as st

from store.changes import head_id

_versions = st.integers(0, 10**12 - 2)


@given(_versions, _versions)
def test_heads_sort_by_version_and_entries_between_them(version: int, other: int) -> None:
    assert (head_id(version) < head_id(other)) == (version < other)
    assert head_id(version) < f"{head_id(version)}:0123456789abcdef" < head_id(version + 1)
