"""GraphQL documents of client apps: reading them from a folder, and checking them on a schema."""
