"""Counting files ahead of a load, for its progress bar."""

import os
from collections.abc import Sequence

from loaders.walk import walk


def count_files(paths: Sequence[str]) -> int:
    """Give how many files a load of these paths will find."""
    folders = [path for path in paths if os.path.isdir(path)]  # noqa: PTH112
    return sum(sum(1 for _ in walk(path)) for path in folders) + len(paths) - len(folders)
