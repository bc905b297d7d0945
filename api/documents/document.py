"""One document: its text, the ids that clients send for it, and where it is."""

import hashlib
from dataclasses import dataclass
from typing import Final

SHA256_PREFIX: Final = "sha256:"
"""Before a hash as an id (GraphQL over HTTP, appendix "Persisted Documents"); ids have it not."""


@dataclass(frozen=True, slots=True)
class Document:
    """A GraphQL document with at least one operation."""

    ids: tuple[str, ...]
    """The ids that clients send in place of the text; the SHA-256 of the text is one."""
    text: str
    path: str
    """The file that it is in."""
    line: int = 1
    """The line of that file where it begins."""
    name: str = ""
    """Its name in a manifest, whose lines are not those of the text; "" for a file of its own."""

    def place(self, line: int = 1, column: int = 1) -> str:
        """Return where a position in the text is, as compilers write it."""
        if not self.name:
            return f"{self.path}:{line}:{column}"
        return f"{self.path}:{self.line}: {self.name}, line {line}, column {column}"


def sha256(text: str) -> str:
    """Return the SHA-256 of a document in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
