"""`newsgraph schema`."""

import typer


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    from schema.limits.limits import Limits
    from schema.schema import build_schema

    built = build_schema(executor="breadth-first", limits=Limits(), introspection=True)
    typer.echo(built.as_str())
