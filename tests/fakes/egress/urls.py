"""Stream URLs as the official worker reads and shows them."""

import re
from urllib.parse import urlsplit

from tests.fakes.egress.rpc import RpcError

# pkg/types/types.go StreamOutputTypes
FAMILIES = {"rtmp": "rtmp", "rtmps": "rtmp", "mux": "rtmp", "twitch": "rtmp", "srt": "srt"}
# pkg/config/urls.go rtmpRegexp
RTMP = re.compile(r"(rtmps?://)(.*/)(.*/)(\S*)( live=1)?")


def validated(url: str, family: str) -> tuple[str, str]:
    """What is shown of it, and the key that tells it apart; the error repeats the URL (pkg/config/urls.go ValidateUrl)."""
    if FAMILIES.get(urlsplit(url).scheme) != family:
        raise RpcError("invalid_argument", f"invalid url {url}: invalid scheme")
    if family == "srt":
        return url, ""
    found = RTMP.fullmatch(url)
    if found is None:
        raise RpcError(
            "invalid_argument",
            f"invalid url {url}: rtmp urls must be of format rtmp(s)://{{host}}(/{{path}})/{{app}}/{{stream_key}}( live=1)",
        )
    scheme, host, app, key, live = found.groups()
    return f"{scheme}{host}{app}{redacted(key)}{live or ''}", key


def redacted(key: str) -> str:
    """livekit/protocol utils/redact.go RedactIdentifier."""
    for shown in (3, 2, 1):
        if len(key) >= shown * 3:
            return f"{{{key[:shown]}...{key[-shown:]}}}"
    return "{...}"
