"""`newsgraph export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.errors import fail, print_error
from api.commands.options import Database, DataDir, MongoDbUri

EPILOGS = {
    "export": """
Examples:
  newsgraph export backup/               Write all items as files.
  newsgraph export backup/ --as jsonl    Write them as JSON Lines.
  newsgraph load backup/*                Load them again, each folder as a root.

Exit status:
  0    Everything is written, and loads again without differences.
  1    Some documents, which are listed, would load with differences.
  2    The command or a setting is invalid, or a file or MongoDB cannot be used.
""",
}
_SHOWN = 20


class Form(StrEnum):
    """What items are written as."""

    FILES = "files"
    JSONL = "jsonl"


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty or new folder.")],
    form: Annotated[
        str,
        typer.Option(
            "--as", metavar="FORM", help="files, or jsonl for JSON Lines. Default: files."
        ),
    ] = Form.FILES,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Write the corpus back as files, drafts included.

    Each folder that was loaded becomes a folder in FOLDER. Loading these restores the corpus.
    """
    from api.database import has_data, running_mongodb
    from api.settings import load_settings
    from loaders.export import export as export_files
    from loaders.report import counted
    from store.reading.whole_corpus import whole_corpus

    if form not in [*Form]:
        fail(f"--as is {form!r}: write files or jsonl")
    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    if not has_data(settings):
        fail("nothing is loaded yet: newsgraph load PATH")
    try:
        if folder.exists() and any(folder.iterdir()):
            fail(f"{folder} is not empty; name a new folder")
        with running_mongodb(settings) as uri, whole_corpus(uri, settings.database) as corpus:
            report = export_files(corpus, folder, as_lines=form == Form.JSONL)
    except OSError as error:
        fail(f"{error.filename or folder}: {error.strerror}")
    for id_ in report.inexact[:_SHOWN]:
        print_error(f"{id_} would load with differences; newsgraph status --check may say why")
    if len(report.inexact) > _SHOWN:
        print_error(f"… and {len(report.inexact) - _SHOWN} more")
    typer.echo(
        f"{counted(report.items, 'item')} ({report.unpublished} unpublished), "
        f"{counted(report.definitions, 'definition')} in {counted(len(report.folders), 'folder')}"
    )
    for one in report.folders:
        typer.echo(f"  {one}")
    if report.inexact:
        raise typer.Exit(1)
