"""Files under /media."""

from pathlib import Path

import pytest

from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio


async def test_files_are_served_under_a_policy_that_forbids_scripts(
    client: ClientFactory, tmp_path: Path
) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    response = await client(media_dir=tmp_path).get("/media/a.svg")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_nothing_outside_the_folder_is_served(client: ClientFactory, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "secret").write_text("hunter2")
    (tmp_path / "media/link").symlink_to(tmp_path / "secret")
    http = client(media_dir=tmp_path / "media")
    for path in ("../secret", "%2e%2e/secret", "..%2fsecret", "link", "/etc/passwd", ""):
        response = await http.get(f"/media/{path}")
        assert response.status_code in (404, 405), path
        assert "hunter2" not in response.text


async def test_hidden_files_are_not_served(client: ClientFactory, tmp_path: Path) -> None:
    media = tmp_path / ".site/media"  # the folder itself may be in a hidden one
    for name in (".env", ".git/config", "sub/.htpasswd", "sub/.d/a.svg"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_text("hunter2")
    (media / "link").symlink_to(media / ".env")
    (media / "folder").symlink_to(media / ".git")
    (media / "a.svg").write_text("<svg/>")
    (media / "alias.svg").symlink_to(media / "a.svg")
    http = client(media_dir=media)
    hidden = [
        ".env", "%2eenv", "%2Eenv", "./.env", "sub/../.env", "sub%2f..%2f.env", "//.env",
        ".git/config", ".git%2fconfig", "%2egit%2Fconfig", "sub/.htpasswd", "sub/.d/a.svg",
        "link", "folder/config", ".", ".env/", "%00.env", ".git",
    ]  # fmt: skip
    for path in hidden:
        response = await http.get(f"http://localhost:8000/media/{path}")
        assert response.status_code == 404, path
        assert "hunter2" not in response.text
    for path in ("a.svg", "alias.svg", "sub/../a.svg"):
        assert (await http.get(f"/media/{path}")).status_code == 200, path


async def test_without_a_folder_nothing_is_served(client: ClientFactory) -> None:
    assert (await client().get("/media/a.svg")).status_code == 404
