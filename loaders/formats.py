"""The file-name suffixes of each format."""

MARKDOWN_SUFFIXES = frozenset((".md", ".mdx", ".markdown"))
TEXT_SUFFIXES = MARKDOWN_SUFFIXES | {".txt", ".html"}
YAML_SUFFIXES = frozenset((".yml", ".yaml"))
JSON_LINES_SUFFIXES = frozenset((".jsonl", ".ndjson"))
SITE_FILE = "newsgraph.yaml"
"""The site file of a root, which is not content."""
TOML_SUFFIX = ".toml"
SUFFIXES = TEXT_SUFFIXES | YAML_SUFFIXES | JSON_LINES_SUFFIXES | {TOML_SUFFIX, ".json"}
