"""The internal API between agents and the control plane; every report carries its own id and may be sent again."""

from uuid import UUID

from schema.base import Wire
from schema.events import CaptionFinalized, StoredEvent


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
