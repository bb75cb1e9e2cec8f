"""The API's description shows a body for every request that has one, and the body is one that is taken."""

from typing import Any

import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Reference, RequestBody
from litestar.routes import HTTPRoute

from orchestrator.app import create_app
from orchestrator.settings import Secret, Settings
from schema.examples import EXAMPLES, by_component, shown

APP = create_app(Settings(encryption_key=Secret("00" * 32)))
# A form with a file in it.
FORMS = "multipart/form-data"


def bodies() -> dict[str, type[Any]]:
    """What each described route decodes its body to, by method and path."""
    return {
        f"{method} {route.path_format}": handler.parsed_fn_signature.parameters["data"].annotation
        for route in APP.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if isinstance(handler, HTTPRouteHandler)
        and handler.resolve_include_in_schema()
        and "data" in handler.parsed_fn_signature.parameters
    }


def examples() -> dict[str, Any]:
    found = {}
    for path, item in (APP.openapi_schema.paths or {}).items():
        for method in ("post", "put", "patch", "delete"):
            body = getattr(getattr(item, method), "request_body", None)
            if isinstance(body, RequestBody) and FORMS not in body.content:
                found[f"{method.upper()} {path}"] = body.content["application/json"].example
    return found


def test_every_body_is_taken_by_the_route_that_shows_it() -> None:
    kinds = bodies()
    shows = examples()
    assert len(shows) > 50
    assert [route for route, example in shows.items() if not example] == []
    for route, example in shows.items():
        msgspec.json.decode(msgspec.json.encode(example), type=kinds[route])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_what_is_left_out_is_the_default(example: Any) -> None:
    assert msgspec.convert(shown(example), type(example)) == example


def test_nothing_is_shown_that_no_route_takes() -> None:
    taken = {
        media.schema.ref.rpartition("/")[2]
        for item in (APP.openapi_schema.paths or {}).values()
        for method in ("post", "put", "patch", "delete")
        if isinstance(body := getattr(getattr(item, method), "request_body", None), RequestBody)
        for media in body.content.values()
        if isinstance(media.schema, Reference)
    }
    known = {name for name in by_component() if name in taken}
    assert len(known) == len(EXAMPLES)
