"""The numbers that a query and its response have to stay within."""

from dataclasses import dataclass
from typing import Final

LARGEST: Final = 10**15
"""No figure grows beyond this one: JSON numbers are exact up to there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may ask for, checked before it is executed, and what it may return."""

    max_depth: int = 12
    """Levels of fields; the root's fields are the first. Introspection is not counted."""

    max_cost: int = 10_000
    """Objects (each `{}` within the response's data) that the query could return.

    A response may not have more either, if lists are longer than the query's price assumes.
    """

    values_per_object: int = 25
    """`max_cost` times this many values may be returned: aliases multiply these, not objects."""

    max_response_mb: int = 16
    """MiB of the response's JSON: as much as one document of MongoDB's may have."""

    max_paths: int = 1_000
    """Positions in the response that hold objects: each is at most one database call."""

    max_length: int = 100_000
    """Characters of the query."""

    max_tokens: int = 4_000
    """Lexical tokens of the query; as many comments are allowed beside them."""

    max_aliases: int = 100
    """Aliases in the query, at its root and everywhere else."""

    max_directives: int = 100
    """Directives in the query."""

    max_input_values: int = 250
    """Values in one argument or variable, those in its lists and input objects included."""

    page_size: int = 20
    """Objects that a list returns when no argument says how many."""

    max_page_size: int = 100
    """The most objects that a list returns, whatever `first` says."""

    @property
    def max_values(self) -> int:
        """Fields of all objects together, leaves included."""
        return self.max_cost * self.values_per_object

    @property
    def max_response(self) -> int:
        """Bytes of the response's JSON."""
        return self.max_response_mb * 2**20

    @property
    def max_read(self) -> int:
        """Bytes of documents that may be read for one query.

        Twice the response: of an embedded list with `first`, all entries are read.
        """
        return 2 * self.max_response
