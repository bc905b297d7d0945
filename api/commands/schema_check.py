"""`newsgraph schema check`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.errors import fail

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from api.documents.document import Document

EPILOGS = {
    "schema check": """
Examples:
  newsgraph schema check apps/                   Check the documents in apps/.
  newsgraph schema check apps/ --site news/      With the site file of news/.
  newsgraph schema check apps/ --since old.graphql    Show what broke.

Exit status:
  0    All documents are valid, and no breaking change affects one.
  1    A document is not valid, or a breaking change affects one.
  2    The command is invalid, or a file cannot be read.
""",
}


def schema_check(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A folder of documents, or one file. Default: NEWSGRAPH_DOCUMENTS.",
        ),
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option(
            "--site",
            metavar="FOLDER",
            help="A folder: use the schema with the fields of its newsgraph.yaml.",
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since", metavar="FILE", help="An earlier schema: show breaking changes since then."
        ),
    ] = None,
) -> None:
    """Check the queries of client apps against the GraphQL schema.

    Prints a line for each error, with its file and line. With an earlier schema, it also prints the
    breaking changes since then, and the documents that they affect.
    """
    from api.commands.schema import site_of
    from api.documents.checking import problems_in
    from api.documents.folder import BadDocuments, read_documents
    from loaders.report import counted
    from schema.schema import build_schema

    try:
        documents = read_documents(path or _from_settings())
    except BadDocuments as error:
        fail(str(error))
    new = build_schema(site_fields=site_of(site).fields)._schema
    invalid = 0
    for document in documents:
        problems = problems_in(document, new)
        invalid += bool(problems)
        for problem in problems:
            typer.echo(problem)
    concerned = _show_changes(_read_schema(since), new, documents) if since else 0
    typer.echo(f"{counted(len(documents), 'document')}, {invalid} invalid")
    if invalid or concerned:
        raise typer.Exit(1)


def _from_settings() -> Path:
    from api.settings import PREFIX, load_settings

    folder = load_settings().documents
    if folder is None:
        fail(f"name the folder of your documents, here or in {PREFIX}DOCUMENTS")
    return folder


def _read_schema(path: Path) -> "GraphQLSchema":
    from graphql import GraphQLError, build_schema

    try:
        return build_schema(path.read_text("utf-8"))
    except OSError as error:
        fail(f"--since {path}: {error.strerror}")
    except (GraphQLError, TypeError, UnicodeDecodeError) as error:
        fail(f"--since {path}: this is not a GraphQL schema: {error}")


def _show_changes(old: "GraphQLSchema", new: "GraphQLSchema", documents: "list[Document]") -> int:
    """Print the breaking changes; return how many of them concern a document."""
    from api.documents.changes import breaking_changes
    from api.documents.checking import problems_in

    was_valid = [document for document in documents if not problems_in(document, old)]
    concerned = 0
    for change, users in breaking_changes(old, new, was_valid):
        typer.echo(f"breaking: {change}")
        for document in users:
            typer.echo(f"  {document.place()} uses it")
        concerned += bool(users)
    return concerned
