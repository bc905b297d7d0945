"""GraphQL over HTTP (graphql.github.io/graphql-over-http), with a module for each step."""
