"""`newsgraph load` and `newsgraph check`."""

import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from api.commands.errors import fail, print_error
from api.commands.options import Database, DataDir, MongoDbUri
from api.progress import Progress

if TYPE_CHECKING:
    from loaders.diagnostics import Diagnostic
    from loaders.report import Report

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="A file or folder, or - for standard input.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="Number of reader processes. Default: one per core."
    ),
]
MaxMb = Annotated[
    float | None,
    typer.Option(
        "--max-mb", metavar="MB", min=0.001, help="Maximum size of a file, in MiB. Default: 8."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the counts as a JSON object.")]
Errors = Annotated[
    Path | None,
    typer.Option(
        "--errors",
        metavar="FILE",
        help="Also write the errors to FILE, one JSON object per line.",
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
  2    The command or a setting is invalid, or MongoDB is unavailable.
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
  2    The command is invalid.
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
        bool, typer.Option("--force", help="Let --prune delete more than half of a folder.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep running and load files as they change.")
    ] = False,
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
    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    for sentence in unknown_settings():
        print_error(sentence)
    with ExitStack() as stack:
        run = _Run(paths, errors, jobs, max_mb, stack)
        run.options.dry_run, run.options.prune, run.options.force = dry_run, prune, force
        uri = stack.enter_context(running_mongodb(settings, on_loss=run.interrupted.fail))
        if run.interrupted.is_set():
            raise typer.Exit(130)
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


def check(
    paths: Paths,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = None,
    as_json: AsJson = False,
) -> None:
    """Check files and folders as `load` does, without a database."""
    from loaders.load import check as check_paths

    with ExitStack() as stack:
        run = _Run(paths, errors, jobs, max_mb, stack)
        run.interrupted.on_first = run.say_what_it_finishes
        report = check_paths(paths, run.options)
    run.finish(report, as_json, has_store=False)


class _Run:
    """One run of `load` or `check`: its options, its progress, and its report."""

    def __init__(
        self,
        paths: list[str],
        errors: Path | None,
        jobs: int | None,
        max_mb: float | None,
        stack: ExitStack,
    ) -> None:
        from loaders.options import Options

        self.paths = paths
        self.interrupted = _Interrupted()
        self._errors: TextIO | None = None
        if errors:
            try:
                self._errors = stack.enter_context(errors.open("w", encoding="utf-8"))
            except OSError as error:
                fail(f"--errors {errors}: {error.strerror}")
        self.progress = stack.enter_context(Progress(paths))
        self.options: Options = Options(
            on_diagnostic=self._on_diagnostic,
            on_note=self.progress.line,
            on_progress=self.progress.update,
            stopped=self.interrupted.is_set,
        )
        if jobs is not None:
            self.options.jobs = jobs
        if max_mb is not None:
            self.options.max_bytes = int(max_mb * 2**20)

    def finish(self, report: "Report", as_json: bool, *, has_store: bool = True) -> None:
        """Print the report, and end with its exit status."""
        self.list_untaken(report, as_json)
        if self.options.dry_run and not as_json:
            print("dry run, nothing is written: ", end="")
        print_report(report, as_json, has_store=has_store)
        if self.interrupted.is_set():
            raise typer.Exit(130)
        if report.failed or report.refused:
            raise typer.Exit(1)

    def say_what_it_finishes(self) -> None:
        """Print what the first Ctrl+C leaves to do."""
        from loaders.workers import BATCH

        self.progress.line(
            f"newsgraph: finishing up to {BATCH} files; press Ctrl+C again to stop now"
        )

    def list_untaken(self, report: "Report", as_json: bool) -> None:
        """Print the keys that no field took; as JSON, they are in the report."""
        if not as_json:
            for line in report.untaken.lines():
                self.progress.line(line)

    def _on_diagnostic(self, diagnostic: "Diagnostic") -> None:
        import json

        here = f"{Path.cwd()}/"
        self.progress.line(replace(diagnostic, path=diagnostic.path.removeprefix(here)))
        if self._errors:
            self._errors.write(json.dumps(diagnostic.as_dict(), ensure_ascii=False) + "\n")
            self._errors.flush()


class _Interrupted:
    """Whether a signal came. The first lets the load finish its batch; a second Ctrl+C ends it."""

    def __init__(self) -> None:
        self.on_first: Callable[[], None] | None = None  # called while there is work to finish
        self._set = False
        self._failure: Exception | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def is_set(self) -> bool:
        return self._set

    def fail(self, reason: Exception) -> None:
        """Raise the reason in the main thread, from another one, even while that waits."""
        self._failure = reason
        if main := threading.main_thread().ident:
            signal.pthread_kill(main, signal.SIGTERM)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._failure:
            raise self._failure
        if self._set and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not self._set and self.on_first and number == signal.SIGINT:
            # A handler may interrupt a write to the same stream, which then refuses another.
            with suppress(RuntimeError):
                self.on_first()
        self._set = True


def print_report(report: "Report", as_json: bool, *, has_store: bool = True) -> None:
    """Print a report on standard output."""
    import json

    if as_json:
        print(json.dumps(report.as_dict() if has_store else report.as_check_dict()), flush=True)
    else:
        print(report if has_store else report.check_summary, flush=True)


def _check_watch(paths: list[str], dry_run: bool) -> None:
    if dry_run:
        fail("--watch writes and --dry-run does not; remove one of them")
    if "-" in paths:
        fail("--watch needs files or folders; standard input (-) is read only once")
    if missing := [path for path in paths if not Path(path).exists()]:
        fail(f"--watch: {missing[0]} does not exist")


def _watch(run: _Run, uri: str, database: str, as_json: bool) -> None:
    from loaders.watch import watch

    reports = watch(
        run.paths, uri=uri, database=database, options=run.options, stop=run.interrupted
    )
    first = next(reports)
    run.list_untaken(first, as_json)
    print_report(first, as_json)
    run.interrupted.on_first = None  # there may be nothing to finish
    run.progress.line("newsgraph: watching for changes; press Ctrl+C to stop")
    for report in reports:
        print_report(report, as_json)
