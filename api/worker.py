"""What each worker process runs: settings from the environment, a store, the application."""

from starlette.applications import Starlette

from api.app import create_app
from api.logs import configure_logs
from api.protocol import GuardedProtocol, raise_descriptor_limit
from api.settings import load_settings
from store.store import Store


def make_app() -> Starlette:
    """Make the application; NEWSGRAPH_MONGODB_URI has to be set by now."""
    settings = load_settings()
    configure_logs(settings)
    GuardedProtocol.max_connections = raise_descriptor_limit()
    if settings.mongodb_uri is None:
        raise RuntimeError("the process that starts workers says where MongoDB is")
    store = Store.connect(settings.mongodb_uri, settings.database, timeout_s=settings.timeout_s)
    return create_app(settings, store)
