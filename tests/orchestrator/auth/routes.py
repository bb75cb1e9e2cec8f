"""The routes of the application, as the access table names them."""

from collections.abc import Iterator
from uuid import uuid4

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler


def routes(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler):
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield f"{method} {route.path_format}", handler


def concrete(route: str) -> tuple[str, str]:
    """An address for the route that leads to nothing."""
    method, path = route.split()
    parts = [str(uuid4()) if part.startswith("{") else part for part in path.split("/")]
    return method, "/".join(parts)
