"""`newsgraph infer`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from api.commands.errors import fail, print_error
from api.commands.load import Exclude, Jobs, MaxMb
from api.commands.load_run import LoadRun, check_paths

EPILOGS = {
    "infer": """
Examples:
  newsgraph infer news/                          Print the site file.
  newsgraph infer news/ > news/newsgraph.yaml    Save it, to read and edit.

Exit status:
  0    The site file is printed.
  1    The folder's newsgraph.yaml or .newsgraphignore is not valid.
  2    The command is invalid, or the path is not a folder.
  130  Interrupted.
""",
}


def infer(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The folder that you load.")],
    exclude: Exclude = None,
    jobs: Jobs = None,
    max_mb: MaxMb = None,
) -> None:
    """Print a site file for the unknown keys of a folder.

    For each key, it shows the number of files that have it, the type of its values, and which files
    do not fit. Save the output as newsgraph.yaml in the folder.
    """
    import os

    from loaders.diagnostics import BadInput, Diagnostic
    from loaders.ignore_file import IGNORE_FILE
    from loaders.infer import infer as infer_keys
    from loaders.report import counted
    from loaders.site_file import BadSite
    from loaders.site_text import site_text

    check_paths([path])
    if not Path(path).is_dir():
        fail(f"{path} is not a folder")
    with ExitStack() as stack:
        run = LoadRun([path], exclude or [], None, jobs, max_mb, False, stack)
        try:
            found = infer_keys(os.path.realpath(path), run.options)
        except BadSite as error:
            fail("\n".join(map(str, error.diagnostics)), status=1)
        except BadInput as error:
            ignore_file = str(Path(path, IGNORE_FILE))
            fail(
                "\n".join(str(Diagnostic.at(ignore_file, one)) for one in error.problems), status=1
            )
    if run.interrupted.is_set():
        raise typer.Exit(130)
    if found.failed:
        print_error(f"{counted(found.failed, 'file')} with errors; run newsgraph check {path}")
    typer.echo(site_text(found), nl=False)
