"""A folder of queries, answered into a folder of JSON files that any web server can serve."""
