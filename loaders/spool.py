"""Spool loaded files to disk until the end of a load."""

from collections.abc import Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile

import orjson

from store.writing.manifest import LoadedFile

_BYTES_IN_MEMORY = 1024 * 1024


class Spool:
    """A list of loaded files that is written once and then read once, in bounded memory."""

    def __init__(self, bytes_in_memory: int = _BYTES_IN_MEMORY) -> None:
        self._file = SpooledTemporaryFile(bytes_in_memory)  # noqa: SIM115 - for close()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, file: LoadedFile) -> None:
        self._file.write(orjson.dumps([*file], option=orjson.OPT_APPEND_NEWLINE))
        self._count += 1

    def batches(self, size: int) -> Iterator[list[LoadedFile]]:
        """Yield the files in the order they were added."""
        self._file.seek(0)
        files = (LoadedFile(*orjson.loads(line)) for line in self._file)
        while batch := list(islice(files, size)):
            yield batch

    def close(self) -> None:
        self._file.close()
