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
