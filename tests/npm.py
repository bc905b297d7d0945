"""Packages of npm, which tests in several processes need."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest


def install_packages(folder: Path) -> Path:
    """Install the packages that a folder's lock file pins, unless they are there; return theirs.

    Skips the test without npm, which CI must have.
    """
    if "CI" not in os.environ and shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    packages, lock = folder / "node_modules", folder / "package-lock.json"
    # npm removes what another npm has just installed: one process at a time.
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # An install without the packages for development leaves the same file, but is older.
        marker = packages / ".installed-for-tests"
        if not marker.exists() or marker.stat().st_mtime < lock.stat().st_mtime:
            command = ["npm", "ci", "--silent", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True)
            marker.touch()
    return packages
