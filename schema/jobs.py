"""Artifact jobs: what a pipeline gets when it claims one, and what it reports."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire
from schema.events import CaptionFinalized

ArtifactKind = Literal["transcript", "chapters", "highlights", "replay"]
JobState = Literal["queued", "running", "done", "failed", "parked"]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class RecordingPart(Wire, frozen=True):
    """One closed segment of a speaker's track."""

    key: str
    started_at_unix_ms: int


class JobRecording(Wire, frozen=True):
    """`parts` are in order of time; a programme has none, its playlist names its segments."""

    id: UUID
    kind: Literal["programme", "speaker"]
    key: str
    mime_type: str
    started_at_unix_ms: int
    duration_ms: int
    participant_id: UUID | None = None
    parts: tuple[RecordingPart, ...] = ()


class ArtifactInput(Wire, frozen=True):
    """All a pipeline may know of a session, taken from the log up to `last_sequence`.

    `origin_unix_ms` is the programme's start (the session's start when nothing was recorded); `speakers` maps participant
    id to name; `done` maps the kinds already finished to the object keys of their JSON.
    """

    session_id: UUID
    tenant_id: UUID
    title: str
    origin_unix_ms: int
    ended_unix_ms: int
    last_sequence: int
    speakers: dict[str, str]
    captions: list[CaptionFinalized]
    recordings: list[JobRecording]
    done: dict[str, str]


class ClaimedJob(Wire, frozen=True):
    """`lease_token` must come with every later report; a report with an old one is refused (409)."""

    id: UUID
    kind: ArtifactKind
    attempt: int
    lease_token: str
    lease_s: int
    input: ArtifactInput
    input_hash: str


class ClaimJob(Wire, frozen=True, forbid_unknown_fields=True):
    """An empty body: the job's id is in the path, and whoever asks first gets the lease."""


class Heartbeat(Wire, frozen=True, forbid_unknown_fields=True):
    """Prolongs the lease; without `progress_percent` what was said before stands."""

    lease_token: str
    progress_percent: Percent | None = None


class CompleteJob(Wire, frozen=True, forbid_unknown_fields=True):
    lease_token: str
    key: str
    provenance: dict[str, Any]


class FailJob(Wire, frozen=True, forbid_unknown_fields=True):
    lease_token: str
    error: str
    retryable: bool


class ArtifactJob(Wire, frozen=True):
    """One line of the job board; `progress` is in percent."""

    kind: ArtifactKind
    state: JobState
    attempts: int
    progress: int
    error: str | None
    updated_at: datetime


class ProcessArtifacts(Command, frozen=True):
    """`recording_url` is the object key or the signed link of one of the session's recordings."""

    session_id: UUID
    recording_url: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class ProcessReply(Wire, frozen=True):
    """What was queued; the same for a repeated request."""

    session_id: UUID
    recording_id: UUID
    kinds: list[ArtifactKind]
