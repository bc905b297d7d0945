"""`newsgraph load` and `newsgraph check`."""

import os
from contextlib import ExitStack
from math import inf
from pathlib import Path
from typing import Annotated

import typer

from api.commands.errors import fail, print_error
from api.commands.load_run import LoadRun, check_paths
from api.commands.options import Database, DataDir, MongoDbUri


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise typer.BadParameter("write a whole number, at least 1")
    return int(text)


def _mebibytes(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0
    if not 0.001 <= size < inf:
        raise typer.BadParameter("write a number of MiB, at least 0.001")
    return size


Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="A file or folder, or - for standard input.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        parser=_processes,
        help="Number of processes that read files. Default: one per core.",
    ),
]
MaxMb = Annotated[
    float | None,
    typer.Option(
        "--max-mb",
        metavar="MB",
        parser=_mebibytes,
        help="Maximum size of a file, in MiB. Default: 8.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help="Leave out files, with a pattern as in .gitignore. Can be repeated.",
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Print what is skipped and why, one line each.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the counts as a JSON object.")]
Errors = Annotated[
    Path | None,
    typer.Option(
        "--errors",
        metavar="FILE",
        help="Also write errors and warnings to FILE, one JSON object per line.",
    ),
]
EPILOGS = {
    "load": """
Examples:
  newsgraph load news/                    Load what is new or changed.
  newsgraph load news/ --watch --prune    Mirror a folder until Ctrl+C.
  crawler | newsgraph load -              Load the output of another program.

Exit status:
  0    Everything was loaded.
  1    A file has errors, or --prune needs --force; everything else was loaded.
  2    The command, a path or a setting is invalid, or MongoDB is unavailable.
  130  Interrupted; run the same command again to load the rest.
""",
    "check": """
Examples:
  newsgraph check news/                       Check a folder.
  newsgraph check news/storm.md               Check one file.
  newsgraph check news/ --errors bad.jsonl    Also write the errors to a file.

Exit status:
  0    No file has errors.
  1    A file has errors.
  2    The command is invalid, or a path does not exist.
  130  Interrupted.
""",
}


def load(
    paths: Paths,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and count the files, but write nothing.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete items whose files are gone.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Let --prune delete more than half of a folder's files.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep running and load files as they change.")
    ] = False,
    exclude: Exclude = None,
    verbose: Verbose = False,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = None,
    as_json: AsJson = False,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Load files and folders into MongoDB.

    Run it again after any change: it loads only what is new or changed.
    """
    from api.database import running_mongodb
    from api.settings import load_settings, unknown_settings
    from loaders.load import load as load_paths
    from store.errors import Unavailable

    if force and not prune:
        fail("--force only applies to --prune; add --prune or remove --force")
    if watch:
        _check_watch(paths, dry_run)
    check_paths(paths)
    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    for sentence in unknown_settings():
        print_error(sentence)
    with ExitStack() as stack:
        run = LoadRun(paths, exclude or [], errors, jobs, max_mb, verbose, stack)
        run.options.dry_run, run.options.prune, run.options.force = dry_run, prune, force
        run.options.text_index = settings.text_index
        run.options.shows_future = settings.shows_future
        uri = stack.enter_context(running_mongodb(settings, on_loss=run.interrupted.fail))
        if run.interrupted.is_set():
            raise typer.Exit(130)
        _give_way()  # but not the embedded MongoDB, which may be the server's, too
        run.interrupted.on_first = run.say_what_it_finishes
        try:
            if watch:
                _watch(run, uri, settings.database, as_json)
                return
            report = load_paths(paths, uri=uri, database=settings.database, options=run.options)
        except Unavailable as error:
            if not run.interrupted.is_set():
                raise
            fail(str(error), status=130)
    run.finish(report, as_json)


def _give_way() -> None:
    """Take the lowest priority for the processor: a server on this machine has to respond now."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(19)


def check(
    paths: Paths,
    exclude: Exclude = None,
    verbose: Verbose = False,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = None,
    as_json: AsJson = False,
) -> None:
    """Check files and folders as `load` does, without a database."""
    from loaders.load import check as check_files

    check_paths(paths)
    with ExitStack() as stack:
        run = LoadRun(paths, exclude or [], errors, jobs, max_mb, verbose, stack)
        run.interrupted.on_first = run.say_what_it_finishes
        report = check_files(paths, run.options)
    run.finish(report, as_json, has_store=False)


def _check_watch(paths: list[str], dry_run: bool) -> None:
    if dry_run:
        fail("--watch writes and --dry-run does not; remove one of them")
    if "-" in paths:
        fail("--watch needs files or folders; standard input (-) is read only once")


def _watch(run: LoadRun, uri: str, database: str, as_json: bool) -> None:
    from loaders.watch import watch

    reports = watch(
        run.paths, uri=uri, database=database, options=run.options, stop=run.interrupted
    )
    first = next(reports)
    run.list_details(first, as_json)
    run.print_report(first, as_json)
    run.interrupted.on_first = None  # there may be nothing to finish
    run.progress.line("newsgraph: watching for changes; press Ctrl+C to stop")
    for report in reports:
        run.print_report(report, as_json)
