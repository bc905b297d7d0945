"""What Jekyll's folders say about the files in them: their collection, and whether they are drafts.

See https://jekyllrb.com/docs/collections/ and https://jekyllrb.com/docs/posts/#drafts.
"""

import posixpath

_DRAFTS = "_drafts"
_DATA = "_data"


def collection_of(root: str, path: str) -> str | None:
    """Return the collection that a file of a root is in: its innermost `_folder`.

    Drafts are posts. The root's own folder counts too, those above it do not.
    """
    for folder in reversed(_folders(root, path)):
        if folder.startswith("_") and len(folder) > 1:
            return "posts" if folder == _DRAFTS else folder[1:]
    return None


def is_draft(root: str, path: str) -> bool:
    """Return whether a file of a root is in a folder of drafts."""
    return (_DRAFTS in path or root.endswith(f"/{_DRAFTS}")) and _DRAFTS in _folders(root, path)


def is_site_data(root: str, path: str) -> bool:
    """Return whether a file of a root is in a folder of data, such as translations.

    See https://jekyllrb.com/docs/datafiles/.
    """
    return (_DATA in path or root.endswith(f"/{_DATA}")) and _DATA in _folders(root, path)


def _folders(root: str, path: str) -> list[str]:
    return posixpath.join(posixpath.basename(root), posixpath.dirname(path)).split("/")
