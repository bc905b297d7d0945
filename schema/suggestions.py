"""A mend of graphql-core's search for what a client may have meant.

Its table has a column for each character of the client's text, but a column is needed for each
character of that text in lower case, and `"İ".lower()` has two: an IndexError, so an internal
error, for whoever writes that as an enum value or as the name of an input field (3.3.2).
"""

import importlib

from graphql.pyutils.suggestion_list import LexicalDistance

# The package has a function of the module's name, which hides the module from `import`.
_MODULE = importlib.import_module("graphql.pyutils.suggestion_list")


class WideEnoughDistance(LexicalDistance):
    """Counts the edits between texts of any characters."""

    def __init__(self, input_: str) -> None:
        super().__init__(input_)
        self._rows = [[0] * (len(self._input_list) + 1) for _ in range(3)]


def mend_suggestions() -> None:
    """Make graphql-core use it, in this process."""
    _MODULE.LexicalDistance = WideEnoughDistance  # type: ignore[attr-defined]
