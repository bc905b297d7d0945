"""Count the keys that no field took, and guess which fields were meant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from loaders.diagnostics import escaped
from store.fields import DEFINITIONS, ITEM, UNPUBLISHING

MAX_KEYS = 1000
"""How many different keys are counted; files that have others are counted together."""
MAX_LENGTH = 60
"""How many characters of a key are kept."""
_SHOWN = 20
_SIMILARITY = 0.8  # of difflib: `publishedDate` and `publishedDateTime` have 0.87

_NAMES = {name for shape in (ITEM, *DEFINITIONS.values()) for name in shape.keys} | {*UNPUBLISHING}
_SYNONYMS = {name for shape in (ITEM, *DEFINITIONS.values()) for name in shape.synonym_keys}


def _folded(key: str) -> str:
    return key.replace("-", "").replace("_", "").casefold()


_FOLDED = {_folded(name): name for name in sorted(_SYNONYMS) + sorted(_NAMES)}


class UntakenKey(NamedTuple):
    """A key that no field took: in how many files, and the key that may have been meant."""

    key: str
    files: int
    suggestion: str | None


@dataclass
class UntakenKeys:
    """Counts keys by file, in bounded memory."""

    _files: Counter[str] = field(default_factory=Counter)
    _is_full: bool = False

    def add(self, keys: Iterable[str]) -> None:
        """Count the keys of one file."""
        for whole in keys:
            key = whole[:MAX_LENGTH]
            if key in self._files or len(self._files) < MAX_KEYS:
                self._files[key] += 1
            else:
                self._is_full = True

    def __iter__(self) -> Iterator[UntakenKey]:
        """Yield all keys, those of most files first."""
        for key, files in sorted(self._files.items(), key=lambda pair: (-pair[1], pair[0])):
            yield UntakenKey(key, files, suggestion_for(key))

    def lines(self) -> Iterator[str]:
        """Yield what `load` and `check` print, if there is anything."""
        if not self._files:
            return
        yield "Keys that no field takes (only editors see them; try `newsgraph infer PATH`):"
        ordered = sorted(self._files.items(), key=lambda pair: (-pair[1], pair[0]))
        for key, files in ordered[:_SHOWN]:
            suggestion = suggestion_for(key)
            meant = f"; did you mean {suggestion}?" if suggestion else ""
            yield f"  {escaped(key)}: {files} file{'' if files == 1 else 's'}{meant}"
        if (more := len(ordered) - _SHOWN) > 0:
            yield f"  … and {'at least ' if self._is_full else ''}{more} more"


def suggestion_for(key: str) -> str | None:
    """Return the key of a field that a key nearly is."""
    name = key.rpartition(".")[2]
    found = _FOLDED.get(_folded(name))
    if found is None and len(name) > 3:
        found = next(iter(get_close_matches(name, sorted(_NAMES), n=1, cutoff=_SIMILARITY)), None)
    return None if found == name else found
