"""Parse texts as files of a folder, without a database."""

from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from store.documents import Document


def parsed(text: str | bytes, path: str = "a.md", root: str = "/site") -> ParsedFile:
    """Parse a text as the file at `path`."""
    data = text if isinstance(text, bytes) else text.encode()
    found = parse(data, root, path)
    assert isinstance(found, ParsedFile), f"{path} is skipped"
    return found


def item(front_matter: str, body: str = "", path: str = "a.md") -> Document:
    """Return the one item of a file with front matter, which must be valid."""
    return only_item(parsed(f"---\n{front_matter}\n---\n{body}", path))


def only_item(file: ParsedFile) -> Document:
    """Return the one item of a valid file."""
    assert not list(file.problems)
    (found,) = file.items
    return found


def definition(text: str, path: str = "a.yaml") -> Document:
    """Return the one topic or provider that a file describes, which must be valid."""
    file = parsed(text, path)
    assert not list(file.problems)
    (found,) = file.definitions
    return found


def messages(text: str, path: str = "a.md") -> list[str]:
    """Return the problems of a file as `line:column field message [code]`."""
    return [
        f"{problem.line}:{problem.column} {problem.field} {problem.message} [{problem.code}]"
        for problem in parsed(text, path).problems
    ]
