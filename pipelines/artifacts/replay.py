"""The replay manifest: what belongs to the class's replay and where it lies; pure."""

from collections.abc import Sequence
from uuid import UUID

from schema.jobs import ArtifactInput, JobRecording
from schema.recordings import Chapter, Highlight, ReplayManifest, TranscriptSegment


def duration_ms(source: ArtifactInput) -> int:
    """From the programme's start to the end of the last programme recording, or of the class when nothing was recorded."""
    ends = [
        recording.started_at_unix_ms + recording.duration_ms
        for recording in source.recordings
        if recording.kind == "programme" and recording.duration_ms
    ]
    return max(0, max(ends, default=source.ended_unix_ms) - source.origin_unix_ms)


def spoken_tracks(source: ArtifactInput) -> list[JobRecording]:
    return [recording for recording in source.recordings if recording.parts]


def manifest(
    source: ArtifactInput,
    tracks: list[UUID],
    transcript: Sequence[TranscriptSegment],
    chapters: Sequence[Chapter],
    highlights: Sequence[Highlight],
) -> ReplayManifest:
    return ReplayManifest(
        session_id=source.session_id,
        title=source.title,
        origin_unix_ms=source.origin_unix_ms,
        duration_ms=duration_ms(source),
        recordings=source.recordings,
        artifacts=source.done,
        tracks=tracks,
        segment_count=len(transcript),
        chapter_count=len(chapters),
        highlight_count=len(highlights),
    )
