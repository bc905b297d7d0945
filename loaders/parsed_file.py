"""What a file holds."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from loaders.definition_builder import definition_of, is_definition
from loaders.diagnostics import BadInput
from loaders.item_builder import item_of
from loaders.problems import Problems
from loaders.source_mapping import SourceMapping
from store.documents import Document

OnItem: TypeAlias = Callable[[Document, SourceMapping, int], None]
"""Gets an item, what it was made of, and how many lines of its file are above that."""


class NotContent(NamedTuple):
    """A file that holds no items, and why one can tell."""

    reason: str


class ParsedFile:
    """What a file holds: items, definitions of providers and topics, and problems.

    Of items or definitions with one id the best is kept: the later one, if they are equal.
    `superseded` are the paths of the others, and `untaken` the keys that no field took.
    """

    def __init__(self, on_item: OnItem | None = None) -> None:
        self._on_item = on_item
        self.problems = Problems()
        self.untaken: set[str] = set()
        self.superseded: list[str] = []
        self._items: dict[str, Document] = {}
        self._definitions: dict[str, Document] = {}

    @property
    def items(self) -> Iterable[Document]:
        return self._items.values()

    @property
    def definitions(self) -> Iterable[Document]:
        return self._definitions.values()

    def add(self, source: SourceMapping, lines_above: int = 0) -> None:
        """Add the document that a mapping describes, or the problems that prevent it."""
        try:
            self._add(source, lines_above)
        except BadInput as error:
            self.problems.extend(problem.moved_down(lines_above) for problem in error.problems)
        if source.warnings:
            self.problems.extend(problem.moved_down(lines_above) for problem in source.warnings)

    def _add(self, source: SourceMapping, lines_above: int) -> None:
        if is_definition(source):
            documents, document = self._definitions, definition_of(source)
        else:
            documents, document = self._items, item_of(source)
            if self._on_item:
                self._on_item(document, source, lines_above)
        id_ = document["_id"]
        if other := documents.get(id_):
            worse, document = sorted((other, document), key=itemgetter("rank"))
            self.superseded.append(worse["path"])
        documents[id_] = document
        if source.extra:
            self.untaken.update(map(".".join, source.untaken()))
