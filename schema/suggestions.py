"""A fix for an IndexError in graphql-core 3.3.2, in its "Did you mean …?" suggestions.

The table of edit distances has a column for each character of the client's text. It needs one for
each character of that text in lower case, and `"İ".lower()` has two. Such a text, as an enum value
or the name of an input field, would be an internal error.
"""

import importlib

from graphql.pyutils.suggestion_list import LexicalDistance

# `import` would find the package's function of the same name instead of the module.
_MODULE = importlib.import_module("graphql.pyutils.suggestion_list")


class WideEnoughDistance(LexicalDistance):
    """Counts the edits between texts of any characters."""

    def __init__(self, input_: str) -> None:
        super().__init__(input_)
        self._rows = [[0] * (len(self._input_list) + 1) for _ in range(3)]


def fix_suggestions() -> None:
    """Make graphql-core use the fixed class in this process."""
    _MODULE.LexicalDistance = WideEnoughDistance  # type: ignore[attr-defined]
