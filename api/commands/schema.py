"""`newsgraph schema`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.errors import fail

if TYPE_CHECKING:
    from loaders.site import Site


def schema(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", help="A folder with a newsgraph.yaml."),
    ] = None,
    front_matter: Annotated[
        bool,
        typer.Option(
            "--front-matter", help="Print a JSON Schema of front matter instead, for editors."
        ),
    ] = False,
) -> None:
    """Print the GraphQL schema (SDL).

    With a folder, the schema has the fields that its newsgraph.yaml declares.
    """
    site = site_of(path)
    if front_matter:
        import json

        from loaders.front_matter_schema import front_matter_schema

        typer.echo(json.dumps(front_matter_schema(site), indent=2, ensure_ascii=False))
        return
    from schema.schema import build_schema

    typer.echo(build_schema(site_fields=site.fields).as_str())


def site_of(folder: Path | None) -> "Site":
    """Return the site of a folder. Ends the command if that is not valid."""
    from loaders.site import NO_SITE
    from loaders.site_file import BadSite, read_site

    if folder is None:
        return NO_SITE
    if not folder.is_dir():
        fail(f"{folder} is not a folder")
    try:
        return read_site(str(folder))
    except BadSite as error:
        fail("\n".join(map(str, error.diagnostics)), status=1)
