"""What a JSON body may not be, checked before it is decoded: of another type, ambiguous, too deep, or with NUL in a text."""

import json
from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.params import BodyKwarg

from schema.errors import InvalidField, Malformed

UNSUPPORTED = 415


async def check_body(request: Request[Any, Any, Any]) -> None:
    """Raises HTTPException 415, InvalidField, Malformed; what is no JSON at all is left to the decoder."""
    if not _takes_json(request):
        return
    kind, _ = request.content_type
    if kind not in {"", RequestEncodingType.JSON.value}:
        raise HTTPException(status_code=UNSUPPORTED)
    try:
        json.loads(await request.body(), object_pairs_hook=_unambiguous)
    except RecursionError as error:
        raise Malformed("The body is nested too deep.") from error
    except ValueError:
        return


def _takes_json(request: Request[Any, Any, Any]) -> bool:
    data = request.route_handler.parsed_fn_signature.parameters.get("data")
    form = data and data.kwarg_definition
    return isinstance(form, BodyKwarg) and form.media_type == RequestEncodingType.JSON


def _unambiguous(pairs: list[tuple[str, object]]) -> None:
    """Two readers of the same body must not see two values, and PostgreSQL keeps no NUL."""
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            raise InvalidField(name, "This field is there twice.")
        if _has_nul(value):
            raise InvalidField(name, "A text has no NUL in it.")
        seen.add(name)


def _has_nul(value: object) -> bool:
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    return isinstance(value, str) and "\x00" in value
