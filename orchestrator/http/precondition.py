"""`If-Match` and `ETag` (RFC 9110): an edit says which version it was based on, so that nobody overwrites unseen changes.

A version is a number: the sequence of the last event that changed the thing. StaleEdit.check compares.
"""

import re
from typing import Annotated

from litestar.params import HeaderParameter

from schema.errors import InvalidField

HEADER = "If-Match"
ETAG = re.compile(r'"(\d{1,10})"')

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name=HEADER,
        description='The `ETag` on which the edit is based, as in `"7"`; an older one is answered with 409.',
    ),
]


def based_on(header: str | None) -> int | None:
    """None when any version will do: no header, or `*`. Raises InvalidField."""
    if header is None or header.strip() == "*":
        return None
    match = ETAG.fullmatch(header.strip())
    if match is None:
        raise InvalidField(HEADER, 'Give one ETag as it was answered, as in "7".')
    return int(match[1])


def etag(version: int) -> dict[str, str]:
    """The header that tells the version of what is answered."""
    return {"ETag": f'"{version}"'}
