"""The numbers that a query has to stay within."""

from dataclasses import dataclass
from typing import Final

LARGEST: Final = 10**15
"""No figure grows beyond this one, whatever is multiplied: JSON numbers are exact up to there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may ask for. Beyond it, the query is refused before any work is done."""

    max_depth: int = 12
    """Levels of fields; the root's fields are the first. Introspection is not counted."""

    max_cost: int = 10_000
    """Objects (each `{}` within the response's data) that the query could return."""

    values_per_object: int = 25
    """`max_cost` times this many values may be returned: aliases multiply these, not objects."""

    max_paths: int = 1_000
    """Places in the response that hold objects: each is at most one call of the database."""

    max_length: int = 100_000
    """Characters of the document."""

    max_tokens: int = 4_000
    """Lexical tokens of the document; as many comments are allowed beside them."""

    max_aliases: int = 100
    """Aliases in the document, at its root and everywhere else."""

    max_directives: int = 100
    """Directives in the document."""

    page_size: int = 20
    """Objects that a list returns when nothing says how many."""

    max_page_size: int = 100
    """Objects that a list returns at most, whatever `first` says."""

    @property
    def max_values(self) -> int:
        """Fields of all objects together, leaves included."""
        return self.max_cost * self.values_per_object
