"""How MongoDB executed the commands of a query: its `explain` output."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pymongo.database import Database

from store.documents import Document

_EXPLAINED = ("aggregate", "pipeline", "cursor", "find", "filter", "projection", "sort", "limit")


class Work(NamedTuple):
    """The index keys and documents that were examined, and the stages that examined them."""

    keys: int
    documents: int
    stages: frozenset[str]
    indexes: frozenset[str]


def work_of(database: Database[Document], command: Document) -> Work:
    """Run a noted command once more, and count what it examines."""
    again = {key: value for key, value in command.items() if key in _EXPLAINED}
    if "cursor" in again:
        again["cursor"] = {}
    explained = database.command("explain", again, verbosity="executionStats")
    found = list(_walk(explained))
    return Work(
        keys=sum(int(value) for key, value in found if key == "totalKeysExamined"),
        documents=sum(int(value) for key, value in found if key == "totalDocsExamined"),
        stages=frozenset(value for key, value in found if key == "stage"),
        indexes=frozenset(value for key, value in found if key == "indexName")
        | {name for key, names in found if key == "indexesUsed" for name in names},
    )


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "rejectedPlans":
                continue
            yield key, member
            yield from _walk(member)
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member)
