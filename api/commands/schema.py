"""`newsgraph schema`."""

import typer


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from schema.schema import build_schema

    typer.echo(build_schema().as_str())
