"""Addresses of destinations: which are served, and what may be said of them. The stream key is never said."""

import re
from typing import Final

from agents.egress.psrpc.errors import RpcError
from agents.media.relay import srt
from schema.srt import fault

# rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1), as LiveKit's own worker reads it
RTMP_URL: Final = re.compile(
    r"(?P<base>rtmps?://[^\s/|]+/[^\s|]*/)(?P<key>[^\s/|]+)(?P<live> live=1)?"
)
# srt://{host}:{port}?streamid=...&passphrase=...&latency=..., all of the query counts as the key
SRT_URL: Final = re.compile(
    r"(?P<base>srt://[^\s/?#|@]+:\d{1,5}/?)(?P<key>\?[^\s|#]+)?(?P<live>(?!))?"
)


def checked_url(url: str) -> str:
    """Raises RpcError invalid_argument, whose text never holds the key."""
    if RTMP_URL.fullmatch(url):
        return url
    found = SRT_URL.fullmatch(url)
    if found is None:
        raise _refused(
            "a stream URL must be rtmp(s)://host/app/key or srt://host:port?streamid=key"
        )
    if wrong := fault((found["key"] or "?")[1:]):
        raise _refused(wrong)
    if not srt.available():
        raise _refused("this worker has no libsrt; install Debian's libsrt1.5-gnutls")
    return url


def redact(url: str) -> str:
    """The stream key as `{abc...xyz}`: 3, 2 or 1 characters of each end, as it has at least 9, 6 or 3."""
    match = _parts(url)
    if match is None:
        return "{...}"
    key = match["key"]
    if not key:
        return url
    shown = min(len(key) // 3, 3)
    hidden = f"{{{key[:shown]}...{key[len(key) - shown :]}}}"
    return match["base"] + hidden + (match["live"] or "")


def scrub(text: str, url: str) -> str:
    """A child's error text without the URL's key."""
    match = _parts(url)
    text = text.replace(url, redact(url))
    return text.replace(match["key"], "{...}") if match and match["key"] else text


def _parts(url: str) -> re.Match[str] | None:
    return RTMP_URL.fullmatch(url) or SRT_URL.fullmatch(url)


def _refused(message: str) -> RpcError:
    return RpcError("invalid_argument", message)
