"""The reader of plain YAML returns what libyaml does, or None."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loaders.known_keys import ITEM, KnownKeys
from loaders.plain_yaml import read
from loaders.yaml_nodes import compose
from loaders.yaml_values import construct

_scalars = st.one_of(
    st.sampled_from(
        [
            "", "word", "two words", "NO", "null", "Null", "~", "5", "-5", "1_000", "0o7", "1e3",
            "10:00", "2020-01-01", "2020-02-05T16:08:00Z", "https://a.example/b?c=d#e", "a #b",
            "a: b", "a:", "a:b", '"quoted"', '""', '"a: b # c"', "'single'", '"esc\\n"', "[a, b]",
            "{}", "|", ">", "&a b", "*a", "!!str 5", "- a", "-", "?", "x\ty", "trailing  ", "%",
            "é ß", "a\u2028b", "a\x85b", "...", "---", ".nan", "=", "<<", "# comment",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip
_keys = st.sampled_from(
    ["title", "heat", "images", "url", "provider", "name", "x", "y", "n", "a b"]
)
_lines = st.builds(
    lambda indent, dash, key, colon, value: f"{' ' * indent}{dash}{key}{colon}{value}",
    st.integers(0, 5),
    st.sampled_from(["", "", "- ", "-  ", "- - "]),
    st.one_of(st.just(""), _keys),
    st.sampled_from([": ", ": ", ":", "", ":  "]),
    _scalars,
)
_texts = st.lists(_lines, max_size=8).map("\n".join)
_names = st.sampled_from(["title", "heat", "images", "url", "provider", "name", "x", "y"])
_values = st.recursive(
    _scalars,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3), st.dictionaries(_names, below, min_size=1)
    ),
    max_leaves=8,
)


def _rendered(value: object, indent: int, list_indent: int) -> str:
    """Write a value as front matter has it, after its key or hyphen."""
    pad = " " * indent
    if isinstance(value, dict):
        pairs = (
            f"{key}:{_rendered(below, indent + 2, list_indent)}" for key, below in value.items()
        )
        return "\n" + "\n".join(pad + pair for pair in pairs)
    if isinstance(value, list):
        pad = " " * (indent - list_indent)
        members = (
            _rendered(below, indent - list_indent + 2, list_indent).lstrip() for below in value
        )
        return "\n" + "\n".join(f"{pad}- {member}" for member in members)
    return f" {value}"


_front_matters = st.builds(
    lambda value, list_indent: _rendered(value, 0, list_indent).lstrip("\n"),
    st.dictionaries(_names, _values, min_size=1),
    st.sampled_from([0, 2]),
)


@given(
    text=st.one_of(_texts, _front_matters, _front_matters),
    end=st.sampled_from(["", "\n", "\n\n"]),
    known=st.sampled_from([ITEM, {}]),
)
@example(text="title: a\n b: c", end="\n", known=ITEM)
@example(text="x:\n- a\n- b: 1\n  c: 2\ny: z", end="\n", known=ITEM)
def test_a_plain_text_is_read_as_libyaml_reads_it(text: str, end: str, known: KnownKeys) -> None:
    quick = read(text + end, known)

    if quick is not None:
        node = compose(text + end)
        assert node is not None
        slow = construct(node, known)
        assert slow == quick
        assert repr(slow) == repr(quick)


@pytest.mark.parametrize(
    "text",
    [
        'title: "One: two"\nheat: -1\nimages:\n  - url: https://a.example/b.png\n    width: 5\n',
        "topics:\n- AI\n- Law\n\n# a comment\npublished: false\n",
        "ratings:\n  average: 4.5\n  count: 12\nprovider:\n  name: A\n  domain: a.example\n",
    ],
)
def test_ordinary_front_matter_is_plain(text: str) -> None:
    node = compose(text)

    assert node is not None
    assert read(text, ITEM) == construct(node, ITEM)


@pytest.mark.parametrize(
    "text",
    ["title: a\ntitle: b\n", "title:\ntitle: b\n", "x: 99999999999999999999\n", "", "# comment\n",
     " title: a\n", "title: [a]\n", "title: a\n  heat: 5\n", "x:\n" + "- " * 30 + "a\n",
     "".join(f"{'  ' * depth}x:\n" for depth in range(30)), "a\tb: c\n", "x:\n- a\n   - b\n",
     "x:\n - a\n- b\n"],
)  # fmt: skip
def test_all_other_texts_are_left_to_libyaml(text: str) -> None:
    assert read(text, ITEM) is None
