"""Entries of the manifest, put aside until the end of a load however many they are."""

from collections.abc import Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile

import orjson

from store.writing.manifest import Entry

_IN_MEMORY = 1024 * 1024  # bytes; more of them go to a file


class Spool:
    """A list that is written once and then read once, in bounded memory."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._file = SpooledTemporaryFile(in_memory)  # noqa: SIM115 - for close()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, entry: Entry) -> None:
        """Put an entry aside."""
        self._file.write(orjson.dumps([*entry], option=orjson.OPT_APPEND_NEWLINE))
        self._count += 1

    def batches(self, size: int) -> Iterator[list[Entry]]:
        """Give all of them, in their order."""
        self._file.seek(0)
        entries = (Entry(*orjson.loads(line)) for line in self._file)
        while batch := list(islice(entries, size)):
            yield batch

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
