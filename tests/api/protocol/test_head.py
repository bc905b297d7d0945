"""Heads that the parser accepts, and that two programs might read differently, are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.protocol.head import fault_in, size_of

HOST = (b"host", b"news.example")
TOKEN = (b"authorization", b"Bearer secret")
CHUNKED = (b"transfer-encoding", b"chunked")
Head = tuple[str, bytes, list[tuple[bytes, bytes]]]


@pytest.mark.parametrize(
    "head",
    [
        ("1.1", b"/graphql", [HOST]),
        ("1.1", b"/graphql", [HOST, TOKEN, (b"accept", b"*/*"), (b"accept", b"a/b")]),
        ("1.1", b"/graphql", [HOST, CHUNKED]),
        ("1.1", b"/graphql", [HOST, (b"transfer-encoding", b"Chunked")]),
        ("1.1", b"/graphql", [(b"host", b"")]),
        ("1.1", b"/graphql", [(b"host", b"localhost:8000")]),
        ("1.1", b"/graphql", [(b"host", b"127.0.0.1:8000")]),
        ("1.1", b"/graphql", [(b"host", b"[::1]:8000")]),
        ("1.1", b"/graphql", [(b"host", b"my_host-1.example.")]),
        ("1.1", b"/graphql", [(b"host", b"b%C3%BCcher.example:")]),
        ("1.1", b"http://NEWS.example/graphql?query=x", [HOST]),
        ("1.1", b"*", [HOST]),
        ("1.0", b"/graphql", [HOST]),
        ("1.0", b"/graphql", [TOKEN]),
        ("1.0", b"/graphql", []),
    ],
)
def test_what_is_clear_is_served(head: Head) -> None:
    version, target, headers = head
    assert fault_in(lambda: version, target, headers) is None


@pytest.mark.parametrize(
    ("head", "status", "about"),
    [
        (("1.1", b"/", []), 400, "no Host"),
        (("2.0", b"/", []), 400, "no Host"),
        (("1.1", b"/", [HOST, HOST]), 400, "more than one Host"),
        (("1.0", b"/", [HOST, HOST]), 400, "more than one Host"),
        (("1.1", b"/", [(b"host", b"localhost:evil")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"a, b")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"user@news.example")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"news.example/path")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"http://news.example")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"[::1")]), 400, "optional port"),
        (("1.1", b"/", [(b"host", b"\xff.example")]), 400, "optional port"),
        (("1.1", b"http://evil.example/", [HOST]), 400, "different hosts"),
        (("1.1", b"http://user@news.example/", [HOST]), 400, "different hosts"),
        (("1.1", b"https://news.example:444/", [HOST]), 400, "different hosts"),
        (("1.0", b"http://news.example/", []), 400, "different hosts"),
        (("1.1", b"/", [HOST, TOKEN, TOKEN]), 400, "Authorization"),
        (("1.0", b"/", [CHUNKED]), 400, "HTTP/1.0"),
        (("1.1", b"/", [HOST, CHUNKED, CHUNKED]), 400, "more than one Transfer-Encoding"),
        (("1.1", b"/", [HOST, (b"transfer-encoding", b"gzip, chunked")]), 501, "only"),
        (("1.1", b"/", [HOST, (b"transfer-encoding", b"gzip")]), 501, "only"),
    ],
)
def test_what_is_not_clear_is_refused(head: Head, status: int, about: str) -> None:
    version, target, headers = head
    fault = fault_in(lambda: version, target, headers)
    assert fault is not None
    assert fault.status == status
    assert about in fault.message


@given(st.binary(max_size=50), st.lists(st.tuples(st.binary(), st.binary())))
def test_the_size_is_that_of_the_bytes(target: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    written = target + b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    assert size_of(target, headers) == len(written)
