"""`newsgraph load` and `newsgraph check`: the files of a folder into the store."""

import signal
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

Paths = Annotated[list[str], typer.Argument(help="Files and folders; - is standard input.")]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Processes that read files; one per core unless set.")
]
MaxMb = Annotated[float, typer.Option(min=0.001, help="The largest file that is read, in MB.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")]
Errors = Annotated[
    Path | None, typer.Option(help="Write what is wrong to this file too, as JSON lines.")
]


def load(
    paths: Paths,
    dry_run: Annotated[bool, typer.Option(help="Read, check and count; write nothing.")] = False,
    prune: Annotated[
        bool, typer.Option(help="Delete what the folders gave before and no longer have.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Let --prune delete over half of a folder.")] = False,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = 8.0,
    as_json: AsJson = False,
) -> None:
    """Load files and folders into MongoDB. Run it again after any change: it does what is new."""
    from api.settings import load_settings
    from loaders.load import load as load_paths
    from store.errors import StoreError

    settings = load_settings()
    with ExitStack() as stack:
        options = _options(jobs, errors, max_mb, stack)
        options.dry_run, options.prune, options.force = dry_run, prune, force
        try:
            uri = settings.mongodb_uri or stack.enter_context(_embedded(settings.data_dir))
            report = load_paths(paths, uri=uri, database=settings.database, options=options)
        except StoreError as error:
            print(f"newsgraph: {error}", file=sys.stderr)
            raise typer.Exit(2) from None
        _finish(report, options, as_json)


def check(
    paths: Paths,
    jobs: Jobs = None,
    errors: Errors = None,
    max_mb: MaxMb = 8.0,
    as_json: AsJson = False,
) -> None:
    """Read and check files and folders as `load` does, without a database."""
    from loaders.load import check as check_paths

    with ExitStack() as stack:
        options = _options(jobs, errors, max_mb, stack)
        _finish(check_paths(paths, options), options, as_json)


def _embedded(data_dir: Path) -> Any:
    from store.embedded import embedded_mongod

    return embedded_mongod(data_dir)


def _options(jobs: int | None, errors: Path | None, max_mb: float, stack: ExitStack) -> Any:
    import json

    from loaders.diagnostics import Diagnostic
    from loaders.load import Options

    out = stack.enter_context(errors.open("w", encoding="utf-8") if errors else nullcontext())

    def on_problem(problem: Diagnostic) -> None:
        print(problem, file=sys.stderr)
        if out:
            out.write(json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")

    interrupted = _Interrupted()
    options = Options(
        max_bytes=int(max_mb * 2**20),
        on_problem=on_problem,
        on_note=lambda note: print(note, file=sys.stderr),
        stopped=interrupted.is_set,
    )
    if jobs is not None:
        options.jobs = jobs
    return options


class _Interrupted:
    """Set by the first interrupt, so that what is under way is finished; the second one ends it."""

    def __init__(self) -> None:
        self._set = False
        signal.signal(signal.SIGINT, self._on_interrupt)

    def is_set(self) -> bool:
        return self._set

    def _on_interrupt(self, _signal: int, _frame: Any) -> None:
        self._set = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _finish(report: Any, options: Any, as_json: bool) -> None:
    import json
    from dataclasses import asdict

    print(json.dumps(asdict(report)) if as_json else report, flush=True)
    if options.stopped():
        raise typer.Exit(130)
    if report.failed:
        raise typer.Exit(1)
