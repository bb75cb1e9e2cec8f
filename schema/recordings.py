"""The replay as the browser gets it. Times are milliseconds from the programme's start."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Wire
from schema.events import RecordingKind
from schema.jobs import ArtifactKind, JobRecording, JobState
from schema.sessions import Session

ReplayState = Literal["processing", "ready", "failed"]


class RecordingLink(Wire, frozen=True):
    """`url` is signed and lives at most ten minutes.

    `download_urls` are the programme as MP4 files: one, or more where its recorder had to begin anew.
    """

    id: UUID
    kind: RecordingKind
    participant_id: UUID | None
    url: str
    mime_type: str
    started_at: datetime
    duration_ms: int
    download_urls: tuple[str, ...] = ()


class TranscriptWord(Wire, frozen=True):
    start_ms: int
    end_ms: int
    text: str


class TranscriptSegment(Wire, frozen=True):
    id: str
    participant_id: UUID
    speaker: str
    start_ms: int
    end_ms: int
    text: str
    words: list[TranscriptWord]


class TranscriptLink(Wire, frozen=True):
    segments: list[TranscriptSegment]
    vtt_url: str | None
    srt_url: str | None
    txt_url: str | None


class Chapter(Wire, frozen=True):
    start_ms: int
    end_ms: int
    title: str


class Highlight(Wire, frozen=True):
    start_ms: int
    end_ms: int
    title: str
    reason: str


class ReplayManifest(Wire, frozen=True):
    """The replay artifact: what was there when the class was packed, by object keys.

    `artifacts` maps kind to key. The segments of each recording in `tracks` are joined in one file beside the manifest:
    `<key without .json>.<recording id>.ogg`.
    """

    session_id: UUID
    title: str
    origin_unix_ms: int
    duration_ms: int
    recordings: list[JobRecording]
    artifacts: dict[str, str]
    tracks: list[UUID]
    segment_count: int
    chapter_count: int
    highlight_count: int


class ArtifactLink(Wire, frozen=True, omit_defaults=True):
    kind: ArtifactKind
    state: JobState
    url: str | None = None
    error: str | None = None


class Replay(Wire, frozen=True):
    session: Session
    state: ReplayState
    recordings: list[RecordingLink]
    transcript: TranscriptLink
    chapters: list[Chapter]
    highlights: list[Highlight]
    artifacts: list[ArtifactLink]
