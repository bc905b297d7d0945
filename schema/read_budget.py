"""What one request may read from the database."""

from schema.execution.budget import OverBudget


class ReadBudget:
    """Counts the bytes that the database sent for a request."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0

    def add(self, number: int) -> None:
        """Count bytes. Raises OverBudget if there are too many, and from then on each time."""
        self._bytes += number
        if self._bytes > self._max_bytes:
            raise OverBudget(
                f"the query reads more than {self._max_bytes // 2**20:,} MiB from the database. "
                "Request fewer or shorter fields, or fewer objects with `first`."
            )
