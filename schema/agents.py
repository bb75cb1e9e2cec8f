"""The internal API between agents and the control plane; every report carries its own id and may be sent again."""

from uuid import UUID

from schema.base import Wire
from schema.events import CaptionFinalized, StoredEvent

# The data channel's topic on which a room gets its log, an event a packet.
EVENTS_TOPIC = "lectern.events"
# LiveKit's limit for a reliable packet is 15 KiB with its own fields; clients fetch a larger event when they see the gap.
LARGEST_PACKET_BYTES = 14_000


class RoomInfo(Wire, frozen=True):
    """What an agent needs to know of the room it joined."""

    session_id: UUID
    tenant_id: UUID
    last_sequence: int


class EventPage(Wire, frozen=True):
    """`closed` is true when the session has ended and the page reaches the end of its log."""

    items: list[StoredEvent]
    last_sequence: int
    closed: bool


class Pulse(Wire, frozen=True):
    """Says on the events' topic, every few seconds, that the agent relays and up to where."""

    last_sequence: int


class ReportCaptions(Wire, frozen=True, forbid_unknown_fields=True):
    """Deduplicated by `segment_id`."""

    captions: list[CaptionFinalized]


class SpeakerSegment(Wire, frozen=True):
    """One closed Opus file of at most 10 s; deduplicated by (`track_sid`, `index`)."""

    participant_id: UUID
    track_sid: str
    index: int
    key: str
    started_at_unix_ms: int
    duration_ms: int
    size_bytes: int
    sha256: str


class ReportSegments(Wire, frozen=True, forbid_unknown_fields=True):
    segments: list[SpeakerSegment]


class Accepted(Wire, frozen=True):
    """How many items were new."""

    accepted: int
