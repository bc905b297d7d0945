"""One stage for all faults: an election takes longer than a test should."""

from collections.abc import Iterator

import pytest

from tests.faults.stage import Stage, set_stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Set once, and given to all."""
    with set_stage(tmp_path_factory.mktemp("faults")) as made:
        yield made
