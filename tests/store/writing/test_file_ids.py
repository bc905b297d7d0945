"""The ids of files and streams."""

from store.writing.file_ids import STREAM_ROOT, file_id, is_stream


def test_only_content_of_the_stream_root_is_a_stream() -> None:
    assert is_stream(file_id(STREAM_ROOT, "-123.md"))
    assert not is_stream(file_id("/site", "-//a.md"))
    assert not is_stream(file_id("/-", "a.md"))
