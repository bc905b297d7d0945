"""`newsgraph load` and `newsgraph check`: the files of a folder into the store."""

import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO

import typer

from api.commands.options import Database, DataDir, MongoDbUri
from api.progress import Progress

if TYPE_CHECKING:
    from loaders.diagnostics import Diagnostic
    from loaders.report import Report

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Files and folders; - is standard input.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="Processes that read files. Default: a core each."
    ),
]
MaxMb = Annotated[
    float, typer.Option("--max-mb", metavar="MB", min=0.001, help="The largest file that is read.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")]
Errors = Annotated[
    Path | None,
    typer.Option("--errors", metavar="FILE", help="Write what is wrong here too, as JSON lines."),
]


def load(
    paths: Paths,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read, check and count, and write nothing.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete what the folders gave and no longer have.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Let --prune delete over half of a folder's files.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and load what changes as soon as it does.")
    ] = False,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = 8.0,
    as_json: AsJson = False,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Load files and folders into MongoDB. Run it again after any change: it does what is new."""
    from api.database import running_mongodb
    from api.settings import load_settings
    from loaders.load import load as load_paths
    from store.errors import Unavailable

    if force and not prune:
        _refuse("--force is for --prune; give both or neither")
    if watch:
        _check_watch(paths, dry_run)
    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    with ExitStack() as stack:
        run = _Run(paths, errors, jobs, max_mb, stack)
        run.options.dry_run, run.options.prune, run.options.force = dry_run, prune, force
        uri = stack.enter_context(running_mongodb(settings))
        try:
            if watch:
                _watch(run, uri, settings.database, as_json)
                return
            report = load_paths(paths, uri=uri, database=settings.database, options=run.options)
        except Unavailable as error:
            if not run.interrupted.is_set():
                raise
            _refuse(str(error), status=130)
    run.finish(report, as_json)


def check(
    paths: Paths,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = 8.0,
    as_json: AsJson = False,
) -> None:
    """Read and check as `load` does, without a database."""
    from loaders.load import check as check_paths

    with ExitStack() as stack:
        run = _Run(paths, errors, jobs, max_mb, stack)
        report = check_paths(paths, run.options)
    run.finish(report, as_json, has_store=False)


class _Run:
    """One run of a command: its options, its progress, and what it says at the end."""

    def __init__(
        self,
        paths: list[str],
        errors: Path | None,
        jobs: int | None,
        max_mb: float,
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
                _refuse(f"--errors {errors}: {error.strerror}")
        self.progress = stack.enter_context(Progress(paths))
        self.options: Options = Options(
            max_bytes=int(max_mb * 2**20),
            on_diagnostic=self._on_problem,
            on_note=self.progress.line,
            on_progress=self.progress.update,
            stopped=self.interrupted.is_set,
        )
        if jobs is not None:
            self.options.jobs = jobs

    def finish(self, report: "Report", as_json: bool, *, has_store: bool = True) -> None:
        """Say what was done, and end with the status that tells it to scripts."""
        if self.options.dry_run and not as_json:
            print("dry run, nothing is written: ", end="")
        say(report, as_json, has_store=has_store)
        if self.interrupted.is_set():
            raise typer.Exit(130)
        if report.failed or report.refused:
            raise typer.Exit(1)

    def _on_problem(self, problem: "Diagnostic") -> None:
        import json

        here = f"{Path.cwd()}/"
        self.progress.line(replace(problem, path=problem.path.removeprefix(here)))
        if self._errors:
            self._errors.write(json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")
            self._errors.flush()


class _Interrupted:
    """Set by the first interrupt, so that what is under way is finished; the second one ends it."""

    def __init__(self) -> None:
        self._set = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_interrupt)

    def is_set(self) -> bool:
        """Tell whether to stop."""
        return self._set

    def _on_interrupt(self, number: int, _frame: FrameType | None) -> None:
        if self._set and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._set = True


def say(report: "Report", as_json: bool, *, has_store: bool = True) -> None:
    """Print a report on standard output."""
    import json

    if as_json:
        print(json.dumps(report.as_dict()), flush=True)
    else:
        print(report if has_store else report.checked, flush=True)


def _check_watch(paths: list[str], dry_run: bool) -> None:
    if dry_run:
        _refuse("--watch writes and --dry-run does not; give one of them")
    if "-" in paths:
        _refuse("--watch watches files and folders; standard input (-) is read once")
    if lost := [path for path in paths if not Path(path).exists()]:
        _refuse(f"--watch: {lost[0]} does not exist")


def _watch(run: _Run, uri: str, database: str, as_json: bool) -> None:
    from loaders.watch import watch

    def on_report(report: "Report") -> None:
        say(report, as_json)
        if not said:
            said.append(True)
            run.progress.line("newsgraph: watching; Ctrl+C ends it")

    said: list[bool] = []
    watch(
        run.paths,
        uri=uri,
        database=database,
        options=run.options,
        stop=run.interrupted,
        on_report=on_report,
    )


def _refuse(sentence: str, status: int = 2) -> NoReturn:
    print(f"newsgraph: {sentence}", file=sys.stderr)
    raise typer.Exit(status)
