"""The names of authors by the keys that files have for them (docs/loading.md, "Other names")."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from loaders.values import Value

_WORD: Final = re.compile(rb"[\w.+@-]+")
_MAX_SEARCHED: Final = 100_000
"""Bytes of a file that is searched for keys; a larger one depends on all of them."""


class Authors:
    """The authors that one file lists for the files beside and below it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._by_key = {key.encode(): name.encode() for key, name in names.items()}
        self._words = {key for key in self._by_key if _WORD.fullmatch(key)}
        self._others = self._by_key.keys() - self._words

    def digest_key(self, data: bytes, *, has_escapes: bool) -> bytes:
        """Return what the documents of a file depend on: the authors whose keys may be in it."""
        keys = {*self._by_key}
        if not has_escapes and len(data) <= _MAX_SEARCHED:
            keys = self._words.intersection(_WORD.findall(data)) | self._others
        if not keys:
            return b""
        digest = blake2b(digest_size=16)
        for key in sorted(keys):
            digest.update(b"\0%b\0%b" % (key, self._by_key[key]))
        return digest.digest()

    def named(self, value: Value) -> Value:
        """Return the authors of a file with names in place of keys."""
        if isinstance(value, list):
            return [self._named(author) for author in value]
        return self._named(value)

    def _named(self, author: Value) -> Value:
        if isinstance(author, str):
            return self._names.get(author, author)
        if isinstance(author, dict) and "name" not in author:
            key = author.get("key")
            if isinstance(key, str) and key in self._names:
                return {"name": self._names[key], **author}
        return author
