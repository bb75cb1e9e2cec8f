"""Every event a session's log can hold: the tag is `event_type`, the fields are `event_payload`.

Times of speech and media are Unix milliseconds (`*_unix_ms`); the replay makes them relative to the programme's start.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from schema.auth import RoleName
from schema.destinations import DestinationStatus

RecordingKind = Literal["programme", "speaker"]


class Payload(msgspec.Struct, frozen=True, rename="camel", kw_only=True, tag_field="type"):
    """Base of all payloads; `type` is the tag and goes to its own column."""


class SessionScheduled(Payload, frozen=True, tag="session.scheduled"):
    lesson_id: UUID
    title: str
    scheduled_start: datetime
    scheduled_end: datetime


class SessionStarted(Payload, frozen=True, tag="session.started"):
    room: str
    started_by: UUID


class SessionEnded(Payload, frozen=True, tag="session.ended"):
    """`ended_by` is null when the room ended without a command (`reason` says which)."""

    reason: Literal["command", "room_finished"]
    ended_by: UUID | None = None


class ParticipantJoined(Payload, frozen=True, tag="participant.joined"):
    """Written by the join API: the right to enter was given."""

    participant_id: UUID
    user_id: UUID
    name: str
    role: RoleName


class ParticipantConnected(Payload, frozen=True, tag="participant.connected"):
    """Written from LiveKit's word: media is up. Keyed by `sid`."""

    participant_id: UUID
    sid: str


class ParticipantLeft(Payload, frozen=True, tag="participant.left"):
    participant_id: UUID
    sid: str


class DestinationsSelected(Payload, frozen=True, tag="destinations.selected"):
    """The session's whole set from now on."""

    destination_ids: list[UUID]


class DestinationChanged(Payload, frozen=True, tag="destination.changed"):
    destination_id: UUID
    status: DestinationStatus
    attempt: int = 0
    next_attempt_at: datetime | None = None
    reason: str | None = None


class EgressStarted(Payload, frozen=True, tag="egress.started"):
    egress_id: str
    attempt: int


class EgressEnded(Payload, frozen=True, tag="egress.ended"):
    egress_id: str
    error: str | None = None


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
    """One utterance as heard live; `segment_id` is the same on the wire to clients (`lk.segment_id`)."""

    segment_id: str
    participant_id: UUID
    track_sid: str
    start_unix_ms: int
    end_unix_ms: int
    text: str
    language: str
    words: list[Word]


class ArtifactCompleted(Payload, frozen=True, tag="artifact.completed"):
    """`key` is the object key of the artifact's JSON; `provenance` says what made it."""

    kind: str
    job_id: UUID
    key: str
    provenance: dict[str, Any]


class ArtifactFailed(Payload, frozen=True, tag="artifact.failed"):
    kind: str
    job_id: UUID
    error: str


class ArtifactRequeued(Payload, frozen=True, tag="artifact.requeued"):
    """Made again on request: of a person, or of the artifact engine for one recording."""

    kind: str
    job_id: UUID
    requested_by: UUID | None = None
    recording_id: UUID | None = None


class ArtifactCancelled(Payload, frozen=True, tag="artifact.cancelled"):
    """Set aside until a person wants it again, or something new belongs into it."""

    kind: str
    job_id: UUID
    cancelled_by: UUID
    name: str


class ChatSent(Payload, frozen=True, tag="chat.sent"):
    message_id: UUID
    participant_id: UUID
    user_id: UUID
    content: str


class ChatEdited(Payload, frozen=True, tag="chat.edited"):
    message_id: UUID
    content: str


class ChatDeleted(Payload, frozen=True, tag="chat.deleted"):
    """`deleted_by` is a user: the author or a moderator."""

    message_id: UUID
    deleted_by: UUID


class QuestionAsked(Payload, frozen=True, tag="question.asked"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID
    content: str


class QuestionUpvoted(Payload, frozen=True, tag="question.upvoted"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID


class QuestionUpvoteWithdrawn(Payload, frozen=True, tag="question.upvote_withdrawn"):
    question_id: UUID
    participant_id: UUID
    user_id: UUID


class QuestionAnswered(Payload, frozen=True, tag="question.answered"):
    """`answer` is null when it was answered by word of mouth."""

    question_id: UUID
    answered_by: UUID
    answer: str | None = None


class QuestionDismissed(Payload, frozen=True, tag="question.dismissed"):
    question_id: UUID
    dismissed_by: UUID


QuestionEvent = (
    QuestionAsked | QuestionUpvoted | QuestionUpvoteWithdrawn | QuestionAnswered | QuestionDismissed
)

Event = (
    SessionScheduled
    | SessionStarted
    | SessionEnded
    | ParticipantJoined
    | ParticipantConnected
    | ParticipantLeft
    | DestinationsSelected
    | DestinationChanged
    | EgressStarted
    | EgressEnded
    | RecordingAdded
    | RecordingCompleted
    | CaptionFinalized
    | ArtifactCompleted
    | ArtifactFailed
    | ArtifactRequeued
    | ArtifactCancelled
    | ChatSent
    | ChatEdited
    | ChatDeleted
    | QuestionEvent
)


class StoredEvent(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An event with its place in the log; this is also what clients get by API, SSE and data channel."""

    id: UUID
    session_id: UUID
    sequence: int
    created_at: datetime
    payload: Event


def event_type(event: Event) -> str:
    return str(type(event).__struct_config__.tag)
