"""A snippet as PostgreSQL marks it, taken apart: pure."""

import re
from collections.abc import Iterator

from schema.search import Part

# Control characters: no text holds them, for what people write is cleaned of them.
HIT, END = "\x02", "\x03"
MARKED = re.compile(f"{HIT}([^{END}]*){END}")


def parts(marked: str) -> Iterator[Part]:
    """The text in order, hits told apart from what is between them."""
    at = 0
    for match in MARKED.finditer(marked):
        if match.start() > at:
            yield Part(text=marked[at : match.start()], hit=False)
        yield Part(text=match[1], hit=True)
        at = match.end()
    if at < len(marked):
        yield Part(text=marked[at:], hit=False)
