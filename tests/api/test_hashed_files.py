"""A page's files: cached forever, and compressed if the client and the build allow it."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from api.hashed_files import HashedFiles

pytestmark = pytest.mark.anyio


async def get(folder: Path, path: str, encoding: str = "gzip, br") -> httpx.Response:
    files = HashedFiles(directory=folder, check_dir=False)
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/files", files)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        request = client.build_request("GET", path, headers={"accept-encoding": encoding})
        response = await client.send(request, stream=True)
        response.raw_content = b"".join([part async for part in response.aiter_raw()])  # type: ignore[attr-defined]
        return response


@pytest.mark.parametrize(("encoding", "content"), [("gzip", b"small"), ("identity", b"plain")])
async def test_a_file_is_compressed_if_the_client_accepts_it(
    tmp_path: Path, encoding: str, content: bytes
) -> None:
    (tmp_path / "main-1.js").write_bytes(b"plain")
    (tmp_path / "main-1.js.gz").write_bytes(b"small")
    response = await get(tmp_path, "/files/main-1.js", encoding)
    assert response.raw_content == content  # type: ignore[attr-defined]
    assert response.headers.get("content-encoding", "identity") == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]


async def test_a_folder_that_is_not_built_has_no_files(tmp_path: Path) -> None:
    assert (await get(tmp_path / "nothing", "/files/main-1.js")).status_code == 404
    assert (await get(tmp_path, "/files/main-1.js")).status_code == 404
