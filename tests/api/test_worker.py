"""A worker process sets itself up; test_server.py runs real ones, and so `worker_main`."""

import gc
from collections.abc import Iterator

import httpx
import pytest

from api import worker
from api.protocol.connection import GuardedProtocol
from api.settings import Settings
from tests.api.conftest import UNREACHABLE

pytestmark = pytest.mark.anyio


@pytest.fixture
def _restored_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a worker does to its process, and leave logs and file limits alone."""
    monkeypatch.setattr(worker, "raise_descriptor_limit", lambda: 100)
    monkeypatch.setattr(GuardedProtocol, "max_connections", 10_000)
    monkeypatch.setattr(worker, "observe_calls", lambda _: None)
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.mark.usefixtures("_restored_process")
async def test_a_worker_serves_with_its_settings() -> None:
    app = worker.start_worker(Settings(mongodb_uri=UNREACHABLE, playground=False, reader=False))
    assert GuardedProtocol.max_connections == 100
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/")).status_code == 404  # no page


@pytest.mark.usefixtures("_restored_process")
async def test_a_worker_without_a_mongodb_does_not_start() -> None:
    with pytest.raises(RuntimeError, match="mongodb_uri is not set"):
        worker.start_worker(Settings())
