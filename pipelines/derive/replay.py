"""The replay manifest: what belongs to the class's replay and where it lies; pure."""

from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import reading
from schema.jobs import ArtifactInput
from schema.recordings import ReplayManifest


def make(task: Task) -> Made:
    source = task.source
    return as_json(
        ReplayManifest(
            session_id=source.session_id,
            title=source.title,
            origin_unix_ms=source.origin_unix_ms,
            duration_ms=duration_ms(source),
            recordings=source.recordings,
            artifacts=source.done,
            segment_count=len(reading.transcript(task)),
            chapter_count=len(reading.chapters(task)),
            highlight_count=len(reading.highlights(task)),
        ),
        Recipe("put together of the log and what was made of it"),
    )


def duration_ms(source: ArtifactInput) -> int:
    """From the programme's start to the end of the last programme recording, or of the class when nothing was recorded."""
    ends = [
        recording.started_at_unix_ms + recording.duration_ms
        for recording in source.recordings
        if recording.kind == "programme" and recording.duration_ms
    ]
    return max(0, max(ends, default=source.ended_unix_ms) - source.origin_unix_ms)
