"""GraphQL over HTTP, as graphql.github.io/graphql-over-http says: a module for each step."""
