"""The ids of loaded files, `root//path`, which the manifest and the `source` of items hold."""

# The root of content that came through a stream, such as standard input: there is no file to read
# again. Roots of files are absolute paths, so this cannot be one of them.
STREAM_ROOT = "-"


def file_id(root: str, path: str) -> str:
    """Return a file's id. A clean path never holds `//`, so root and path stay apart."""
    return f"{root}//{path}"


def is_stream(file: str) -> bool:
    """Return whether a file's id stands for a stream."""
    return file.startswith(f"{STREAM_ROOT}//")


def root_of(file: str) -> str:
    """Return the root in a file's id."""
    return "/" if file.startswith("///") else file.partition("//")[0]


def span_of(root: str, below: str = "") -> dict[str, str]:
    """Return the range of the ids of a root's files, as a condition of a query.

    `below` is the path of a folder of the root, with a slash at its end, or empty.
    """
    first = file_id(root, below)
    return {"$gte": first, "$lt": end_of(first)}


def end_of(prefix: str) -> str:
    """Return the end of the range of texts that begin with a prefix, which ends with a slash."""
    return f"{prefix[:-1]}0"  # the character after the slash
