"""docs/clients.md: the code that it shows runs in these tests."""

import re

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES

GUIDE = (CLIENTS.parents[1] / "docs/clients.md").read_text()
BLOCKS = re.findall(r"^```\w+\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
SOURCES = [
    path.read_text()
    for pattern in ("*/*.mjs", "relay/*.json", "relay/src/*.js")
    for path in CLIENTS.glob(pattern)
    if PACKAGES not in path.parents
]


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_block_of_the_guide_runs_in_a_test(block: str) -> None:
    assert any(block in source for source in SOURCES)
