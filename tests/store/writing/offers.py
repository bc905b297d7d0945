"""What files offer, without files: items, definitions and changes of files."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from store.documents import derive
from store.ids import author_id, kind_in
from store.writing.candidates import Candidate, Definition, FileChange, candidate
from store.writing.file_ids import file_id

ROOT = "/site"


def item(id_: str, *, topics: Sequence[str] = (), **fields: object) -> dict[str, Any]:
    """Return an item; `topics` are names, and a `rank` replaces the derived one."""
    document = {
        "_id": f"item:{id_}",
        "title": "Title",
        "published": True,
        "path": "a.md",
        "topics": [{"id": f"topic:{name.lower()}", "name": name} for name in topics],
        "images": [],
        "related": [],
    }
    return derive(document | fields) | fields


def provider(number: int, name: str = "Paper", **fields: object) -> dict[str, object]:
    """Return a provider as an item names it."""
    domain = f"p{number}.example"
    return {"id": f"provider:{domain}", "name": name, "domain": domain} | fields


def authors(*names: str) -> list[dict[str, str]]:
    """Return authors as an item names them."""
    return [{"id": author_id(name), "name": name} for name in names]


def topic_definition(name: str, rank: str = "1", **fields: object) -> Definition:
    """Return what a file says about a topic; `parent` is a name."""
    definition = {"_id": f"topic:{name.lower()}", "slug": name.lower(), "name": name}
    if "parent" in fields:
        parent = str(fields.pop("parent"))
        fields |= {"parent": f"topic:{parent.lower()}", "parentName": parent}
    return cast(Definition, {**definition, "published": True, "rank": rank, **fields})


def organization(number: int, name: str, **fields: object) -> Definition:
    """Return what a file says about a provider."""
    domain = f"p{number}.example"
    definition = {"_id": f"provider:{domain}", "domain": domain, "name": name, "images": []}
    return cast(Definition, {**definition, "published": True, "rank": "1", **fields})


def offer(file: str, *items: dict[str, Any]) -> list[Candidate]:
    """Return the candidates of a file."""
    return [candidate(item, id_of(file)) for item in items]


def id_of(file: str) -> str:
    """Return the id of a file in `ROOT`, or of the stream if it is `-`."""
    return file_id("-", "-") if file == "-" else file_id(ROOT, file)


def change(
    file: str,
    *documents: dict[str, Any] | Definition,
    state: Literal["new", "known", "faulty"] = "known",
) -> FileChange:
    """Return a change of a file that holds items and definitions."""
    items: list[dict[str, Any]] = []
    definitions: list[Definition] = []
    for document in documents:
        if kind_in(document["_id"]) == "item":
            items.append(cast(dict[str, Any], document))
        else:
            definitions.append(cast(Definition, document))
    return FileChange(
        file=id_of(file),
        digest=f"digest of {file}",
        is_new=state == "new",
        candidates=offer(file, *items),
        definitions=definitions,
        complete=state != "faulty",
    )
