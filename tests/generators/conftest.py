"""The starter content of the generators that package-lock.json pins. Nothing of theirs runs."""

from pathlib import Path

import pytest

from tests.npm import install_packages

GENERATORS = Path(__file__).parent


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install the pinned packages, and return their folder."""
    return install_packages(GENERATORS)
