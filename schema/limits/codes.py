"""The values of `extensions.code` in errors of queries that are not executed."""

from typing import Final

BAD_USER_INPUT: Final = "BAD_USER_INPUT"
GRAPHQL_PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
GRAPHQL_VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
QUERY_TOO_EXPENSIVE: Final = "QUERY_TOO_EXPENSIVE"
