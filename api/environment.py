"""The variables that settings are read from: the environment, and the file `.env`."""

import difflib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from dotenv.parser import parse_stream

PREFIX = "NEWSGRAPH_"
ENV_FILE = ".env"
# Kubernetes sets these for a service that is named newsgraph.
_FOREIGN = re.compile(r"(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP))(?:_\w+)?", re.IGNORECASE)


class SettingsError(Exception):
    """A setting is wrong; the message names each variable and says what to write."""


def unknown_names(known: Collection[str]) -> list[str]:
    """Return the variables that look like settings but are not `known`, names in upper case.

    Raises SettingsError if `.env` cannot be read or has a broken line, or if a name is nearly that
    of a setting.
    """
    unknown = sorted({*_names_in_file(), *os.environ} - {f"{PREFIX}{name}" for name in known})
    names = [name for name in unknown if _is_unknown(name, known)]
    if misspelled := list(_misspelled(names, known)):
        raise SettingsError("\n".join(misspelled))
    return names


def _names_in_file() -> Iterator[str]:
    path = Path(ENV_FILE)
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{ENV_FILE} cannot be read: {error}. Save it as UTF-8 and let this user read it."
        ) from None
    for binding in bindings:
        if binding.error:
            # Without its text, which may be a secret.
            raise SettingsError(
                f"{ENV_FILE}:{binding.original.line}: this line is not NAME=value. "
                "Put a value with spaces or quotes in quotes, and # before a comment."
            )
        if binding.key:
            yield binding.key


def _is_unknown(name: str, known: Collection[str]) -> bool:
    if not name.upper().startswith(PREFIX):
        return False
    rest = name.upper().removeprefix(PREFIX)
    return rest not in known and not _FOREIGN.fullmatch(rest)


def _misspelled(names: list[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        rest = name.upper().removeprefix(PREFIX)
        # Compose files may use the prefix, too: refuse only what is surely a typo.
        if close := difflib.get_close_matches(rest, known, n=1, cutoff=0.75):
            yield f"{name} is not a setting; did you mean {PREFIX}{close[0]}?"
