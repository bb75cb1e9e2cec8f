"""What a destination may say of an SRT connection: the query of its URL, which counts as its key; pure."""

import re
from typing import Final
from urllib.parse import parse_qsl

# What libsrt takes: a pass phrase of 10 to 79 bytes, milliseconds, and we always call.
SAYS: Final = {
    "streamid": re.compile(r".{1,512}"),
    "passphrase": re.compile(r".{10,79}"),
    "latency": re.compile(r"\d{1,4}"),
    "mode": re.compile("caller"),
}
OPTION: Final = re.compile(rf"({'|'.join(SAYS)})=")


def query_of(key: str) -> str:
    """Options as they are, anything else as the stream id; a plus is a plus, as SRT's own tools read it."""
    said = key if OPTION.match(key) else f"streamid={key}"
    return said.replace("+", "%2B")


def fault(query: str) -> str | None:
    """What is wrong with it; never repeats it."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in SAYS:
            return "of SRT's options streamid, passphrase, latency and mode are served"
        if not SAYS[name].fullmatch(value):
            return f"this {name} is none that SRT takes"
    return None
