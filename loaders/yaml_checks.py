"""Check the values of a YAML file that people write, and collect all that is wrong with it."""

import difflib
from collections.abc import Iterable, Mapping

from loaders.diagnostics import FieldPath, Problem, field_name, quoted
from loaders.values import Value
from loaders.yaml_text import YamlText

_MAX_WORD = 100  # characters that are compared with what is known


class YamlChecks:
    """Collects the problems of a file, so that one run shows all of them.

    Most checks take a mapping, the key of a value in it, and the path of the mapping. They return
    the value, or an empty one if there is none or it has the wrong type. `name` stands for the path
    of the whole file.
    """

    def __init__(self, yaml: YamlText, name: str) -> None:
        self._yaml = yaml
        self._name = name
        self.problems: list[Problem] = []

    def flag(self, data: Mapping[str, Value], key: str, path: FieldPath) -> bool:
        """Return whether a key is true, and refuse what is neither true nor false."""
        given = data.get(key, False)
        if not isinstance(given, bool):
            self.fail((*path, key), f"{quoted(given)} is neither true nor false", "boolean")
        return given is True

    def text(self, data: Mapping[str, Value], key: str, path: FieldPath, limit: int) -> str:
        """Return the text of a key, without space around it, of at most `limit` characters."""
        value = data.get(key)
        return "" if value is None else self.checked_text(value, (*path, key), limit)

    def checked_text(self, value: Value, path: FieldPath, limit: int) -> str:
        """Return a value as text. Here, `path` is the path of the value itself."""
        if not isinstance(value, str):
            # YAML reads `no` as false.
            self.fail(path, f"{quoted(value)} is not text; put it in quotes", "shape")
            return ""
        text = value.strip()
        if not text:
            self.fail(path, "is empty", "missing")
        elif len(text) > limit:
            self.fail(path, f"has {len(text)} characters; the limit is {limit}", "too-long")
        return text

    def mapping(self, data: Mapping[str, Value], key: str, example: str) -> Mapping[str, Value]:
        """Return the mapping of a key of the file. `example` shows how to write one."""
        value = data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fail((key,), f"is not a mapping; write one like {example}", "shape")
            return {}
        return value

    def refuse_unknown(
        self, data: Mapping[str, Value], known: tuple[str, ...], path: FieldPath
    ) -> None:
        """Refuse the keys of a mapping that are not known."""
        for key in data:
            if key not in known:
                there_are = meant(key, known) or f"; there are {', '.join(known)}"
                self.fail((*path, key), f"is not a key of this mapping{there_are}", "unknown-key")

    def fail(self, path: FieldPath, message: str, code: str) -> None:
        """Report what is wrong at a path, with the code of the problem."""
        position = self._yaml.position_of(path)
        self.problems.append(Problem(*position, field_name(path) or self._name, message, code))


def meant(word: str, known: Iterable[str]) -> str:
    """Return a question whether a similar word was meant; an empty text if there is none."""
    close = difflib.get_close_matches(word[:_MAX_WORD], sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
