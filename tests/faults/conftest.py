"""One deployment for all faults: an election takes longer than a test should."""

from collections.abc import Iterator

import pytest

from tests.faults.deployment import Deployment, deploy


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment that all tests share."""
    with deploy(tmp_path_factory.mktemp("faults")) as running:
        yield running
