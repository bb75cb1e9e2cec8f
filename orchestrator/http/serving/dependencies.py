"""Dependencies of a handler one after the other: none of ours waits for anything.

Litestar gives those that need none of each other a task group: 80 µs of CPU for two of them, 165 for three, in every request,
where one alone costs 5.
"""

from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute


class OneByOne(ReceiveRoutePlugin):
    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for _, kwargs in route.route_handler_map.values():
                batches = kwargs.dependency_batches
                kwargs.dependency_batches = [{one} for batch in batches for one in batch]
