"""`newsgraph roots` and `newsgraph forget`: what was loaded from where, and taking it back."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.errors import fail, print_error
from api.commands.options import Database, DataDir, MongoDbUri

if TYPE_CHECKING:
    from api.settings import Settings
    from store.writing.roots import LoadedRoot
    from store.writing.session import Session

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
EPILOGS = {
    "roots": """
Examples:
  newsgraph roots                          List the folders that were loaded.
  newsgraph roots --json                   List them for another program.
  newsgraph roots --data-dir /srv/data     List those of another data folder.

Exit status:
  0    The folders are listed, or nothing is loaded yet.
  2    The command or a setting is invalid, or MongoDB is unavailable.
""",
    "forget": """
Examples:
  newsgraph forget old-blog/           Delete what was loaded from a folder.
  newsgraph forget news/ --force       Delete more than half of all files.
  newsgraph forget news/ --json        Print what was deleted as JSON.

Exit status:
  0    Everything that was loaded from the folder is deleted.
  1    It has more than half of all files; nothing is deleted without --force.
  2    The folder or a setting is invalid, or MongoDB is unavailable.
  130  Interrupted; run the same command again to delete the rest.
""",
}


def roots(
    as_json: AsJson = False,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """List the folders that were loaded, and which files failed."""
    from api.database import has_data, running_mongodb
    from store.writing.roots import read_roots

    settings = _settings(mongodb_uri, database, data_dir)
    found: list[LoadedRoot] = []
    if has_data(settings):  # starting the server would create a folder that may be mistyped
        with running_mongodb(settings) as uri:
            found = read_roots(uri, settings.database)
    if as_json:
        print(json.dumps([_as_dict(root) for root in found]))
        return
    for line in described(found):
        print(line)
    if not found:
        print("nothing loaded yet: newsgraph load PATH")


def forget(
    root: Annotated[
        str, typer.Argument(metavar="ROOT", help="A folder that `newsgraph roots` lists.")
    ],
    force: Annotated[
        bool,
        typer.Option("--force", help="Delete even if the folder has more than half of all files."),
    ] = False,
    as_json: AsJson = False,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Delete what was loaded from a folder. The files themselves stay as they are."""
    from api.commands.interrupts import Interrupts
    from api.database import has_data, running_mongodb
    from loaders.forgetting import forget as forget_root
    from loaders.report import counted
    from store.errors import Unavailable
    from store.writing.session import open_session

    settings = _settings(mongodb_uri, database, data_dir)
    if not has_data(settings):
        fail("nothing is loaded here")
    interrupted = Interrupts()
    with running_mongodb(settings, on_loss=interrupted.fail) as uri:
        try:
            with open_session(
                uri,
                settings.database,
                stopped=interrupted.is_set,
                text=settings.text_index,
                shows_future=settings.shows_future,
            ) as session:
                loaded = _root_to_forget(session, root, force)
                forgotten = forget_root(session, loaded.root, interrupted.is_set)
        except Unavailable as error:
            if not interrupted.is_set():
                raise
            fail(str(error), status=130)
    if as_json:
        print(json.dumps({"root": loaded.root, **forgotten._asdict()}))
    else:
        files = counted(forgotten.files, "file")
        documents = counted(forgotten.documents, "document")
        print(f"{_shown(loaded.root)}: {files} forgotten, {documents} deleted")
    if interrupted.is_set() and not forgotten.is_complete:
        raise typer.Exit(130)


def described(found: "Sequence[LoadedRoot]") -> Iterator[str]:
    """Yield lines that describe roots, with the first files of each that failed."""
    from loaders.report import counted

    for root in found:
        parts = [counted(root.files, "file"), counted(root.items, "item")]
        if root.failed:
            parts.append(f"{root.failed} failed")
        if root.loaded:
            parts.append(f"loaded {root.loaded:%Y-%m-%d %H:%M:%S} UTC")
        yield f"{_shown(root.root)}: {', '.join(parts)}"
        for path in root.failures:
            yield f"  failed: {_shown(path)}"
        if root.failed > len(root.failures):
            yield f"  and {root.failed - len(root.failures)} more; `newsgraph check` lists all"


def _root_to_forget(session: "Session", path: str, force: bool) -> "LoadedRoot":
    from loaders.forgetting import is_more_than_half, named

    found = session.roots()
    root = named(path, found)
    if root is None:
        known = ", ".join(_shown(other.root) for other in found) or "none"
        fail(f"{path} was not loaded as a folder of its own; these were: {known}")
    if is_more_than_half(root, found) and not force:
        fail(
            f"{_shown(root.root)} has {root.files} of the {sum(other.files for other in found)} "
            "files that are loaded, more than half; add --force to delete their items",
            status=1,
        )
    return root


def _settings(*flags: object) -> "Settings":
    from api.settings import load_settings, unknown_settings

    names = ("mongodb_uri", "database", "data_dir")
    settings = load_settings(**dict(zip(names, flags, strict=True)))
    for sentence in unknown_settings():
        print_error(sentence)
    return settings


def _as_dict(root: "LoadedRoot") -> dict[str, object]:
    from dataclasses import asdict

    loaded = root.loaded.isoformat() if root.loaded else None
    return asdict(root) | {"loaded": loaded}


def _shown(path: str) -> str:
    from loaders.diagnostics import escaped

    return escaped(path)
