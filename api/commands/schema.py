"""`newsgraph schema`."""

from typing import Annotated

import typer


def schema(
    front_matter: Annotated[
        bool,
        typer.Option(
            "--front-matter", help="Print a JSON Schema of front matter instead, for editors."
        ),
    ] = False,
) -> None:
    """Print the GraphQL schema (SDL)."""
    if front_matter:
        import json

        from loaders.front_matter_schema import front_matter_schema

        typer.echo(json.dumps(front_matter_schema(), indent=2, ensure_ascii=False))
        return
    from schema.schema import build_schema

    typer.echo(build_schema().as_str())
