"""The examples of docs/loading.md are valid files."""

import re
from pathlib import Path

import pytest

from loaders.site_file import parse_site
from tests.loaders.parsed import parsed

GUIDE = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")
SUFFIXES = {"markdown": "md", "yaml": "yaml"}
EXAMPLES = re.findall(r"^```(markdown|yaml)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("language", "text"), EXAMPLES)
def test_an_example_of_the_guide_is_a_valid_file(language: str, text: str) -> None:
    if text.startswith("url:"):
        assert parse_site(text).fields
        return
    file = parsed(text, f"a.{SUFFIXES[language]}")

    assert not list(file.problems)
    assert len([*file.items, *file.definitions]) == 1


def test_the_guide_has_an_item_a_topic_and_a_provider() -> None:
    files = [parsed(text, f"a.{SUFFIXES[language]}") for language, text in EXAMPLES]

    ids = [document["_id"] for file in files for document in (*file.items, *file.definitions)]
    assert {id_.partition(":")[0] for id_ in ids} == {"item", "topic", "provider"}
