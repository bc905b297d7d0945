"""The file-name suffixes of each format."""

TEXT_SUFFIXES = frozenset((".md", ".markdown", ".txt", ".html"))
YAML_SUFFIXES = frozenset((".yml", ".yaml"))
JSON_LINES_SUFFIXES = frozenset((".jsonl", ".ndjson"))
SUFFIXES = TEXT_SUFFIXES | YAML_SUFFIXES | JSON_LINES_SUFFIXES | {".json"}
