"""What was recorded and what was said.

Times of speech and media are Unix milliseconds (`*_unix_ms`); the replay makes them relative to the programme's start.
"""

from typing import Literal
from uuid import UUID

import msgspec

from schema.log.base import Payload

RecordingKind = Literal["programme", "speaker"]


class RecordingAdded(Payload, frozen=True, tag="recording.added"):
    """`key` is the object key of the playlist (programme) or of the folder of segments (speaker)."""

    recording_id: UUID
    kind: RecordingKind
    key: str
    mime_type: str
    started_at_unix_ms: int
    participant_id: UUID | None = None


class RecordingCompleted(Payload, frozen=True, tag="recording.completed"):
    recording_id: UUID
    duration_ms: int


class Word(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    start_unix_ms: int
    end_unix_ms: int
    text: str


class CaptionFinalized(Payload, frozen=True, tag="caption.finalized"):
    """One utterance as heard live; `segment_id` is the same on the wire to clients (`lk.segment_id`).

    After class also one that only the careful pass heard, when somebody corrects it; `track_sid` is empty then.
    """

    segment_id: str
    participant_id: UUID
    track_sid: str
    start_unix_ms: int
    end_unix_ms: int
    text: str
    language: str
    words: list[Word]


RecordingEvent = RecordingAdded | RecordingCompleted | CaptionFinalized
