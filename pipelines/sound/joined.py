"""Each speaker's own recording as one file, for the teacher to download."""

from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.sound.tracks import join
from schema.jobs import ArtifactInput, JobRecording
from schema.recordings import JoinedTrack


def make(task: Task) -> Made:
    """Without the recordings of which nothing can be read; one at a time is held, for a class has thirty of an hour."""
    joined: list[JoinedTrack] = []
    own = spoken(task.source)
    for number, recording in enumerate(own):
        if track := _track(task, recording):
            suffix = f"{recording.id}.ogg"
            task.keep(suffix, track)
            joined.append(JoinedTrack(recording_id=recording.id, suffix=suffix))
        task.progress((number + 1) * 100 // len(own))
    return as_json(joined, Recipe("segments joined, nothing encoded anew"))


def spoken(source: ArtifactInput) -> list[JobRecording]:
    return [recording for recording in source.recordings if recording.parts]


def _track(task: Task, recording: JobRecording) -> bytes:
    found = [(part.started_at_unix_ms, task.read(part.key)) for part in recording.parts]
    return join([(start, content) for start, content in found if content is not None])
