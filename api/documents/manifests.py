"""The manifests that client tools write: JSON files with documents and their ids.

- Relay's compiler (`persistConfig`) and graphql-codegen's client preset (`persistedDocuments`): an
  object of texts by id, which is a hash of the text.
- `@apollo/generate-persisted-query-manifest`: its format and version, and a list of operations.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from api.documents.document import SHA256_PREFIX, Document, sha256

_FORMATS: Final = (
    "Write the manifest of Relay's compiler or of graphql-codegen's client preset (an object of "
    "texts by id), or that of Apollo (format apollo-persisted-query-manifest, version 1)."
)
Id = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class _Operation(BaseModel):
    id: Id
    name: str
    body: str


class _ApolloManifest(BaseModel):
    model_config = ConfigDict(strict=True)

    format: Literal["apollo-persisted-query-manifest"]
    version: Literal[1]
    operations: list[_Operation]


_TEXTS_BY_ID: Final = TypeAdapter(dict[Id, str], config=ConfigDict(strict=True))


def read_manifest(path: str, content: bytes) -> Iterator[Document]:
    """Yield the documents of a manifest. Raises ValueError with a sentence if it is none."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"This is not JSON: {error.msg}.") from None
    lines = _Lines(content)
    try:
        if isinstance(found, dict) and "format" in found:
            for one in _ApolloManifest.model_validate(found).operations:
                ids = (_bare(one.id), sha256(one.body))
                yield Document(ids, one.body, path, lines.of(one.id), one.name or one.id)
        else:
            for id_, text in _TEXTS_BY_ID.validate_python(found).items():
                ids = (_bare(id_), sha256(text))
                yield Document(ids, text, path, lines.of(id_), id_)
    except ValidationError:
        raise ValueError(f"This is not a manifest. {_FORMATS}") from None


def _bare(id_: str) -> str:
    """Return an id as it is looked up: graphql-codegen writes hashes with their prefix."""
    return id_.removeprefix(SHA256_PREFIX)


class _Lines:
    """Finds the lines of ids that are asked for in the order of the file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._line = 1

    def of(self, id_: str) -> int:
        """Return the line of the next occurrence of an id, or that of the last if there is none."""
        found = self._content.find(orjson.dumps(id_), self._at)
        if found >= 0:
            self._line += self._content.count(b"\n", self._at, found)
            self._at = found
        return self._line
