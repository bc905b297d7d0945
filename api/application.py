"""A Starlette application with a short way to what nearly all requests are for."""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(Starlette):
    """Starlette, but requests for the paths of `shortcuts` do not pass through its router.

    It has no layer of its own for unexpected errors: its outermost middleware must catch them.
    """

    def __init__(self, *, shortcuts: Mapping[str, ASGIApp], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._shortcuts = shortcuts

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with its middleware; Starlette calls this once."""
        # The handlers of statuses have other types than those of exceptions; there are none here.
        routed = ExceptionMiddleware(self.router, handlers=self.exception_handlers)
        shortcuts = self._shortcuts

        async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
            await shortcuts.get(scope.get("path", ""), routed)(scope, receive, send)

        app: ASGIApp = dispatch
        for middleware, positional, named in reversed(self.user_middleware):
            app = middleware(app, *positional, **named)
        return app
