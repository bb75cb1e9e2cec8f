"""Which addresses of destinations are served."""

import re
from typing import Final

from agents.egress.psrpc.errors import RpcError
from agents.media.relay import srt
from schema.srt import fault

# rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1), as LiveKit's own worker reads it
RTMP_URL: Final = re.compile(r"rtmps?://[^\s/|]+/[^\s|]+/[^\s/|]+( live=1)?")
# srt://{host}:{port}?streamid=...&passphrase=...&latency=..., all of the query counts as the key
SRT_URL: Final = re.compile(r"srt://[^\s/?#|@]+:\d{1,5}/?(\?(?P<query>[^\s|#]+))?")


def checked_url(url: str) -> str:
    """Raises RpcError invalid_argument, whose text never holds the key."""
    if RTMP_URL.fullmatch(url):
        return url
    found = SRT_URL.fullmatch(url)
    if found is None:
        raise _refused(
            "a stream URL must be rtmp(s)://host/app/key or srt://host:port?streamid=key"
        )
    if wrong := fault(found["query"] or ""):
        raise _refused(wrong)
    if not srt.available():
        raise _refused("this worker has no libsrt; install Debian's libsrt1.5-gnutls")
    return url


def _refused(message: str) -> RpcError:
    return RpcError("invalid_argument", message)
