"""How far the index lags behind: never silently old, and never called old while it is not."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Unavailable
from store.reading.corpus_watch import CorpusVersion
from store.search.folder import SearchFolder
from store.search.freshness import MAX_LAG_S, Freshness
from store.search.status import Activity, FollowerStatus


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class _Watch:
    """A watch that knows what the test tells it."""

    def __init__(self) -> None:
        self.current: CorpusVersion | None = CorpusVersion(1, 0)

    async def after(self, known: CorpusVersion | None) -> CorpusVersion:
        raise NotImplementedError


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def watch() -> _Watch:
    return _Watch()


@pytest.fixture
def folder(tmp_path: Path) -> SearchFolder:
    folder = SearchFolder.of(tmp_path, "news")
    folder.make()
    return folder


@pytest.fixture
def freshness(watch: _Watch, folder: SearchFolder, clock: _Clock) -> Freshness:
    return Freshness(watch, folder, clock)


@pytest.mark.parametrize("indexed", [-1, 6, 8])  # 8 may be of a corpus that was deleted
def test_an_index_that_lagged_before_this_process_looked_is_refused_at_once(
    freshness: Freshness, indexed: int
) -> None:
    with pytest.raises(Unavailable):
        freshness.check(indexed)
    freshness.note(7)
    with pytest.raises(Unavailable):
        freshness.check(indexed)
    freshness.check(7)
    assert freshness.is_current(7)


def test_an_index_may_lag_for_two_seconds(freshness: Freshness, clock: _Clock) -> None:
    freshness.note(7)
    freshness.note(8)
    freshness.check(7)
    assert not freshness.is_current(7)
    clock.now += MAX_LAG_S
    freshness.note(9)  # the lag is that of the oldest version that is missing
    freshness.check(7)
    clock.now += 0.1
    with pytest.raises(Unavailable):
        freshness.check(7)
    freshness.check(8)
    freshness.check(9)
    assert freshness.lag_s(8) == pytest.approx(0.1)


def test_an_index_that_is_ahead_of_the_watch_is_current(freshness: Freshness) -> None:
    freshness.note(7)
    assert freshness.is_current(7)
    assert freshness.is_current(8)


def test_the_index_of_a_corpus_that_was_dropped_is_refused_until_it_is_built_again(
    freshness: Freshness,
) -> None:
    freshness.note(7)
    freshness.check(7)
    freshness.note(1)
    for indexed in (7, 7, -1):
        with pytest.raises(Unavailable):
            freshness.check(indexed)
    freshness.check(1)
    assert freshness.is_current(2)


def test_nothing_is_current_while_the_corpus_is_not_known(
    freshness: Freshness, watch: _Watch
) -> None:
    freshness.note(1)
    assert freshness.is_current(1)
    watch.current = None
    assert not freshness.is_current(1)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (None, "The search index does not exist yet. Lists work meanwhile; try again later."),
        (
            FollowerStatus(Activity.BUILDING, done=1, total=4),
            "The search index is being built: 25% of 4 items. Lists work meanwhile; "
            "try again later.",
        ),
        (
            FollowerStatus(Activity.FOLLOWING, 7),
            "The search index lags behind the corpus. Lists work meanwhile; try again later.",
        ),
    ],
)
def test_the_error_says_what_the_follower_is_doing(
    freshness: Freshness,
    folder: SearchFolder,
    clock: _Clock,
    status: FollowerStatus | None,
    message: str,
) -> None:
    freshness.note(7)
    freshness.note(8)
    clock.now += 5
    if status is not None:
        status.write(folder.status)
    with pytest.raises(Unavailable) as refused:
        freshness.check(7)
    assert str(refused.value) == message
    problem = freshness.problem()
    assert problem is not None
    assert message.startswith(problem)
    FollowerStatus(Activity.FOLLOWING, 8).write(folder.status)
    assert freshness.problem() is None


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["load", "index", "wait"]), st.floats(0, 3)), max_size=40
    )
)
def test_an_index_is_refused_exactly_if_it_misses_what_was_known_two_seconds_ago(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, float]]
) -> None:
    clock = _Clock()
    folder = SearchFolder.of(tmp_path_factory.getbasetemp(), "news")
    freshness = Freshness(_Watch(), folder, clock)
    seen_at: dict[int, float] = {}
    version = indexed = 1
    freshness.note(version)
    freshness.check(indexed)
    for step, seconds in steps:
        if step == "load":
            version += 1
            freshness.note(version)
            seen_at[version] = clock.now
        elif step == "index":
            indexed = version
        else:
            clock.now += seconds
        is_old = any(
            missing > indexed and clock.now - at > MAX_LAG_S for missing, at in seen_at.items()
        )
        assert freshness.is_late(indexed) == is_old
        with pytest.raises(Unavailable) if is_old else nullcontext():
            freshness.check(indexed)
        assert freshness.is_current(indexed) == (version == indexed)
