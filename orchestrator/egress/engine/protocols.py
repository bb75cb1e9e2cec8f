"""What one egress can send at once: ours mixes protocols, LiveKit's own has one for all its streams; pure."""

from collections.abc import Iterable
from typing import Literal

from schema.destinations import ReadinessNote
from schema.errors import ProtocolsMixed

Family = Literal["rtmp", "srt"]
Engine = Literal["lectern", "livekit"]

MIXED = (
    "LiveKit's own egress sends RTMP or SRT, not both at once; this class has destinations of each."
)
NOTE = ReadinessNote(code=ProtocolsMixed.code, message=MIXED, blocking=True)


def family(url: str) -> Family:
    """RTMP and RTMPS are one."""
    return "srt" if url.startswith("srt:") else "rtmp"


def mixed(urls: Iterable[str]) -> bool:
    return len({family(url) for url in urls}) > 1


def check(engine: Engine, urls: Iterable[str]) -> None:
    """Raises ProtocolsMixed."""
    if engine == "livekit" and mixed(urls):
        raise ProtocolsMixed(MIXED)
