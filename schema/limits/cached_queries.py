"""QueryCache that were found to be valid, kept by their text."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from graphql import DocumentNode

from schema.limits.cost import DocumentCost
from schema.limits.outline import Outline

MAX_PRICES: Final = 64
"""Prices kept of one document: it has one for each combination of the sizes in its variables."""


class CachedQuery:
    """A valid document, and what its operations cost with the variables met so far."""

    __slots__ = ("_prices", "node", "outline")

    def __init__(self, node: DocumentNode, outline: Outline) -> None:
        self.node = node
        self.outline = outline
        self._prices: dict[object, DocumentCost] = {}

    def price(self, name: str | None, variables: Mapping[str, Any]) -> DocumentCost | None:
        """Give the price of an operation, if it is known for such variables."""
        return self._prices.get(self._key(name, variables))

    def keep_price(
        self, name: str | None, variables: Mapping[str, Any], cost: DocumentCost
    ) -> None:
        """Remember a price."""
        if len(self._prices) >= MAX_PRICES:
            self._prices.clear()  # rare, and rebuilt at once: no need for an order of use
        self._prices[self._key(name, variables)] = cost

    def _key(self, name: str | None, variables: Mapping[str, Any]) -> object:
        # A variable that was not sent can have a default, so it differs from null.
        return name, tuple(
            [
                read(variables[variable]) if variable in variables else "absent"
                for variable, read in self.outline.priced_variables
            ]
        )


class QueryCache:
    """The documents used last, bounded in number and in the sum of their texts' lengths.

    A syntax tree takes 50 to 120 times the bytes of its text. Only valid, affordable documents
    are kept, so the invalid ones cannot push them out; each is parsed anew, within the limits.
    """

    def __init__(self, max_documents: int = 500, max_length: int = 250_000) -> None:
        self._max_documents = max_documents
        self._max_length = max_length
        self._length = 0
        self._documents: OrderedDict[str, CachedQuery] = OrderedDict()

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, text: str) -> CachedQuery | None:
        """Give a document that is kept: the same object, with the same syntax tree, each time."""
        document = self._documents.get(text)
        if document is not None:
            self._documents.move_to_end(text)
        return document

    def keep(self, text: str, document: CachedQuery) -> None:
        """Keep a document, and let go of those used longest ago."""
        if text in self._documents:
            return
        self._documents[text] = document
        self._length += len(text)
        while len(self._documents) > self._max_documents or self._length > self._max_length:
            dropped, _ = self._documents.popitem(last=False)
            self._length -= len(dropped)
