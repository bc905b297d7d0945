"""`newsgraph demo`."""

from pathlib import Path

import httpx
import pytest
import typer

from api.commands import demo
from tests.api.servers import until
from tests.command import running


def test_the_demo_serves_its_items_and_their_images(tmp_path: Path) -> None:
    with running("demo", cwd=tmp_path) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200)
        query = {"query": "{ items(first: 50) { nodes { images { url } } } }"}
        items = httpx.post(f"{url}/graphql", json=query).json()["data"]["items"]
        images = [image["url"] for item in items["nodes"] for image in item["images"]]
        local = [image for image in images if image.startswith(f"{url}/media/")]
        assert local
        for image in local:
            response = httpx.get(image)
            assert response.status_code == 200, image
            assert response.headers["content-type"].startswith("image/")


@pytest.mark.slow
def test_the_demo_of_the_blog_serves_its_own_fields(tmp_path: Path) -> None:
    with running("demo", "--blog", cwd=tmp_path) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200)
        query = {"query": "{ items { nodes { title price levels authors { name } } } }"}
        items = httpx.post(f"{url}/graphql", json=query).json()["data"]["items"]["nodes"]
        assert any(item["price"] and item["levels"] and item["authors"] for item in items)


def test_missing_examples_are_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "EXAMPLES", tmp_path / "nowhere")
    with pytest.raises(typer.Exit) as ended:
        demo.demo()
    assert ended.value.exit_code == 1
    assert "install newsgraph again" in capsys.readouterr().err
