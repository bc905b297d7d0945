"""Checks documents on a schema."""

from graphql import GraphQLError, GraphQLSchema

from api.documents.document import Document
from schema.limits.limits import Limits
from schema.limits.parsing import parse_within, validate_within


def problems_in(document: Document, schema: GraphQLSchema) -> list[str]:
    """Return what a schema refuses of a document: lines that begin with a file and a position."""
    errors = validate_within(schema, parse_within(document.text, Limits()))
    return [message_of(error, document) for error in errors]


def message_of(error: GraphQLError, document: Document) -> str:
    """Return an error of a document as a line that begins with a file and a position."""
    place = document.place(*error.locations[0]) if error.locations else document.place()
    return f"{place}: {error.message}"
