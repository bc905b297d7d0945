"""Spool manifest entries to disk until the end of a load."""

from collections.abc import Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile

import orjson

from store.writing.manifest import Entry

_BYTES_IN_MEMORY = 1024 * 1024


class Spool:
    """A list of entries that is written once and then read once, in bounded memory."""

    def __init__(self, bytes_in_memory: int = _BYTES_IN_MEMORY) -> None:
        self._file = SpooledTemporaryFile(bytes_in_memory)  # noqa: SIM115 - for close()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, entry: Entry) -> None:
        self._file.write(orjson.dumps([*entry], option=orjson.OPT_APPEND_NEWLINE))
        self._count += 1

    def batches(self, size: int) -> Iterator[list[Entry]]:
        """Yield the entries in the order they were added."""
        self._file.seek(0)
        entries = (Entry(*orjson.loads(line)) for line in self._file)
        while batch := list(islice(entries, size)):
            yield batch

    def close(self) -> None:
        self._file.close()
