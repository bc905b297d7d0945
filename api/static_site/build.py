"""Answers queries into files, and writes only what has changed since the last build."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
from strawberry.types.execution import ExecutionResult

from api.static_site.entries import Entry
from api.static_site.state import FILE, BuildState, BuiltEntry, read_state

MAX_PAGES: Final = 10_000
"""Pages of one answer."""

Answer = Callable[[str, Mapping[str, Any]], Awaitable[ExecutionResult]]
"""Executes a query with variables."""


@dataclass
class BuildReport:
    """What a build did: files by what became of them, and answers that failed, as messages."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class _Failed(Exception):
    """An answer has errors; the message is the first."""


async def build(entries: Sequence[Entry], site: Path, answer: Answer, stamp: str) -> BuildReport:
    """Answer all entries into files below `site`; those of the last build that are gone go.

    `stamp` tells the states of everything but the queries apart: of the corpus, of the schema. An
    entry is answered again if that or its query or variables have changed, and a file is written
    again if its content has. Files that an answer with errors would have replaced stay.
    """
    before, after = read_state(site), BuildState()
    report = BuildReport()
    for entry in entries:
        key = _key(entry, stamp)
        last = before.entries.get(entry.name, BuiltEntry(key="", files=[]))
        if last.key == key and all(map(os.path.exists, _below(site, last.files))):
            report.unchanged += last.files
            after.entries[entry.name] = last
        else:
            built = await _build_entry(entry, key, site, answer, report)
            if not built.key:
                built.files = [*dict.fromkeys([*built.files, *last.files])]
            after.entries[entry.name] = built
    for file in sorted(before.files - after.files):
        _remove(site, file)
        report.removed.append(file)
    _write(site / FILE, after.model_dump_json().encode())
    return report


async def _build_entry(
    entry: Entry, key: str, site: Path, answer: Answer, report: BuildReport
) -> BuiltEntry:
    """Write the files of an entry. One with errors has no key, so that it is tried again."""
    files: list[str] = []
    try:
        async for file, content in _pages(entry, answer):
            files.append(file)
            is_new = _write(site / file, content)
            (report.written if is_new else report.unchanged).append(file)
    except _Failed as error:
        report.failed.append(f"{entry.source}: {entry.name}: {error}")
        key = ""
    return BuiltEntry(key=key, files=files)


def _below(site: Path, files: Sequence[str]) -> Iterator[Path]:
    return (site / file for file in files)


async def _pages(entry: Entry, answer: Answer) -> AsyncIterator[tuple[str, bytes]]:
    """Yield the files of an entry: `NAME.json`, then `NAME/page/2.json` and so on."""
    variables = dict(entry.variables)
    for number in range(1, MAX_PAGES + 1):
        result = await answer(entry.query, variables)
        if result.errors:
            raise _Failed(result.errors[0].message)
        file = f"{entry.name}.json" if number == 1 else f"{entry.name}/page/{number}.json"
        yield file, orjson.dumps({"data": result.data})
        after = _next_page(result.data) if entry.has_pages else None
        if after is None:
            return
        variables["after"] = after
    raise _Failed(f"there are more than {MAX_PAGES:,} pages")


def _next_page(data: Mapping[str, Any] | None) -> str | None:
    """Return the cursor for the next page of the only list that has one to tell."""
    infos = [
        value["pageInfo"]
        for value in (data or {}).values()
        if isinstance(value, dict) and isinstance(value.get("pageInfo"), dict)
    ]
    if len(infos) != 1 or not infos[0].get("hasNextPage"):
        return None
    after = infos[0].get("endCursor")
    return after if isinstance(after, str) else None


def _key(entry: Entry, stamp: str) -> str:
    variables = orjson.dumps(entry.variables, option=orjson.OPT_SORT_KEYS)
    return sha256(b"\0".join([stamp.encode(), entry.query.encode(), variables])).hexdigest()


def _write(path: Path, content: bytes) -> bool:
    """Write a file at once, so that a server never reads a part; return whether it was needed."""
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
    return True


def _remove(site: Path, file: str) -> None:
    path = site / file
    if path.resolve().is_relative_to(site.resolve()):  # the state is a file that anyone may edit
        path.unlink(missing_ok=True)
