"""What aliases may add to a text; `test_bad_inputs.py` has the other limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import yaml_nodes
from loaders.diagnostics import BadInput, Problem
from loaders.values import Value
from loaders.yaml_nodes import compose
from loaders.yaml_values import construct

# Lists, each under a key. A number is an alias of one of the lists above.
_lists = st.lists(
    st.lists(st.text("xyz", max_size=8) | st.integers(0, 9), max_size=5), min_size=1, max_size=8
)


def _text_of(lists: list[list[str | int]]) -> str:
    return "\n".join(
        f"a{index}: &a{index} [{', '.join(_shown(member, index) for member in members)}]"
        for index, members in enumerate(lists)
    )


def _shown(member: str | int, index: int) -> str:
    return f"*a{member % index}" if isinstance(member, int) and index else f'"{member}"'


def _expanded(value: Value) -> tuple[int, int]:
    """Return the nodes of a value, and the characters in them."""
    if isinstance(value, str):
        return 1, len(value)
    assert isinstance(value, dict | list)
    below = [*value, *value.values()] if isinstance(value, dict) else value
    sizes = [_expanded(member) for member in below]
    return 1 + sum(nodes for nodes, _ in sizes), sum(characters for _, characters in sizes)


def _written(lists: list[list[str | int]]) -> tuple[int, int]:
    """Return the nodes that the text of the lists has without its aliases, and their characters."""
    shown = [_shown(member, index) for index, members in enumerate(lists) for member in members]
    texts = [text.strip('"') for text in shown if text.startswith('"')]
    keys = len(lists)
    return 1 + 2 * keys + len(texts), 2 * keys + sum(map(len, texts))


@given(_lists, st.integers(0, 60), st.integers(0, 60))
def test_aliases_are_refused_exactly_when_they_add_too_much(
    lists: list[list[str | int]], max_nodes: int, max_characters: int
) -> None:
    text = _text_of(lists)
    root = compose(text)
    assert root is not None
    expanded, written = _expanded(construct(root, None)), _written(lists)
    adds_too_much = (
        expanded[0] - written[0] > max_nodes or expanded[1] - written[1] > max_characters
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_nodes, "MAX_NODES_BY_ALIAS", max_nodes)
        patch.setattr(yaml_nodes, "MAX_CHARACTERS_BY_ALIAS", max_characters)
        if adds_too_much:
            with pytest.raises(BadInput, match="through aliases"):
                compose(text)
        else:
            compose(text)


def test_a_long_text_without_aliases_may_have_an_ampersand_and_an_asterisk() -> None:
    members = ", ".join(["x"] * (yaml_nodes.MAX_NODES_BY_ALIAS + 1))
    assert compose(f'title: "Q&A *"\nx: [{members}]') is not None


def test_a_text_has_a_limited_number_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_nodes, "MAX_NODES", 5)
    assert (
        compose("a: [b, c]") is not None
    )  # five nodes: the mapping, its key, the list and two texts
    with pytest.raises(BadInput) as caught:
        compose("a: [b, c, d]")
    assert caught.value.problems == (
        Problem(1, 1, "YAML", "has over 5 values; split the file", "too-many"),
    )
