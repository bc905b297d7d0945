"""The starter content of the generators that package-lock.json pins. Nothing of theirs runs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

GENERATORS = Path(__file__).parent
PACKAGES = GENERATORS / "node_modules"


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install the pinned packages once, and return their folder."""
    if "CI" not in os.environ and shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    installed = PACKAGES / ".package-lock.json"
    lock = GENERATORS / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=GENERATORS, check=True)
    return PACKAGES
