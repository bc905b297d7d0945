"""What a query could return at most."""

from dataclasses import dataclass

from schema.limits.limits import LARGEST


@dataclass(frozen=True, slots=True)
class QueryCost:
    """What an operation could return at most. Figures stop growing at `LARGEST`."""

    objects: int = 0
    """Objects in the response's data, without the root, with connections and edges."""

    values: int = 0
    """Fields of all objects together."""

    depth: int = 0
    """Levels of fields."""

    paths: int = 0
    """Positions in the response that hold objects, list indices aside."""

    introspection: int = 0
    """Objects and values that describe the schema; no other figure counts these."""

    scans: int = 0
    """What counts, facets and searches cost, in objects."""

    @property
    def total(self) -> int:
        """The price of the operation: its objects and its scans."""
        return min(self.objects + self.scans, LARGEST)
