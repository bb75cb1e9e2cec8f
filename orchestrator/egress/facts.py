"""What LiveKit says of a room and its egress, as plain values; pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from schema.streams import redact, scrub

EgressStatus = Literal[
    "starting", "active", "ending", "complete", "failed", "aborted", "limit_reached"
]
StreamStatus = Literal["active", "finished", "failed"]
NS_PER_MS = 1_000_000
# LiveKit's own egress sends to the ingest that Twitch lists first, whichever it was given (livekit/egress, pkg/config/urls.go).
TWITCH_INGEST = re.compile(r"rtmps?://[^/]*contribute\.live-video\.net/app/")
TWITCH = "rtmps://contribute.live-video.net/app/"
# LiveKit's own egress reports an SRT URL as it is.
BARE_SRT = re.compile(r"srt://[^?{]+\?")


class StreamFact(msgspec.Struct, frozen=True):
    """`url` is redacted. Active with `started_at_ns` 0 means: still connecting. `tentative`: its start tells that the server
    answered, not yet that it takes the stream."""

    url: str
    status: StreamStatus = "active"
    started_at_ns: int = 0
    ended_at_ns: int = 0
    error: str = ""
    tentative: bool = False

    @property
    def healthy_s(self) -> float:
        """How long it was live before it ended."""
        if not self.started_at_ns:
            return 0.0
        return max(0, self.ended_at_ns - self.started_at_ns) / 1e9


class ProgrammeFact(msgspec.Struct, frozen=True):
    """`started_at_ns` is when that came which the first frame shows, 0 until there is one."""

    key: str
    started_at_ns: int = 0
    duration_ns: int = 0


class EgressFact(msgspec.Struct, frozen=True):
    """`browser`: LiveKit's own, whose recorder is a page that has to load first."""

    id: str
    status: EgressStatus
    browser: bool = False
    started_at_ns: int = 0
    error: str = ""
    streams: tuple[StreamFact, ...] = ()
    programme: ProgrammeFact | None = None

    @property
    def running(self) -> bool:
        return self.status in {"starting", "active"}

    @property
    def over(self) -> bool:
        return not self.running and self.status != "ending"

    @property
    def began_ns(self) -> int:
        """When its recording began, 0 until it did."""
        return self.programme.started_at_ns if self.programme else 0

    @property
    def ended_ns(self) -> int:
        """When its recording ended, as far as it said so."""
        return self.began_ns + (self.programme.duration_ns if self.programme else 0)

    def stream(self, url: str) -> StreamFact | None:
        """The latest word on a redacted URL: each time it is added again, a new entry follows the old."""
        return next((stream for stream in reversed(self.streams) if stream.url == url), None)


class RoomFacts(msgspec.Struct, frozen=True):
    """`people` maps identity to participant sid, without agents and recorders; `identities` has everybody, hidden ones too."""

    exists: bool
    people: dict[str, str] = {}
    identities: frozenset[str] = frozenset()
    egress: tuple[EgressFact, ...] = ()


def moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / 1e9, UTC)


def look_of(url: str) -> str:
    """What a redacted URL is found by in LiveKit's reports: itself, but for the ingest server that an egress chose."""
    return redact(url) if BARE_SRT.match(url) else TWITCH_INGEST.sub(TWITCH, url, count=1)


def scrubbed(facts: RoomFacts, urls: Iterable[str]) -> RoomFacts:
    """Without URLs or keys in what errors say: LiveKit's own egress passes on what GStreamer and the server wrote."""
    known = tuple(urls)
    egress = (
        replace(
            fact,
            error=scrub(fact.error, *known),
            streams=tuple(replace(s, error=scrub(s.error, *known)) for s in fact.streams),
        )
        for fact in facts.egress
    )
    return replace(facts, egress=tuple(egress))
