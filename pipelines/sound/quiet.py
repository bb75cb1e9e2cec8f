"""What is not to be written down: of recordings, the stretches in which captions were off."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pipelines.kind import Task
from pipelines.sound.pcm import RATE_HZ, Stretch
from schema.jobs import JobRecording, RecordingPart, Span


class Voices:
    """The speakers' own recordings, one after the other, as far as they may be heard; tells how far one has come."""

    def __init__(self, task: Task) -> None:
        silent = task.source.treatment.silent
        own = [audible(r, silent) for r in task.source.recordings if r.participant_id]
        self._recordings = [recording for recording in own if recording.parts]
        self._total_ms = sum(recording.duration_ms for recording in self._recordings) or 1
        self._offset_ms = 0
        self._tell = task.progress

    def __iter__(self) -> Iterator[JobRecording]:
        before_ms = 0
        for recording in self._recordings:
            self._offset_ms = before_ms - recording.started_at_unix_ms
            yield recording
            before_ms += recording.duration_ms

    def heard_until(self, unix_ms: int) -> None:
        """Of the recording at hand."""
        done = (self._offset_ms + unix_ms) * 100 // self._total_ms
        self._tell(min(99, max(0, done)))


def audible(recording: JobRecording, silent: Iterable[Span]) -> JobRecording:
    """Without the segments that lie in silent spans as a whole: they are not even read."""
    spans = list(silent)
    kept = [part for part in recording.parts if not any(_holds(span, part) for span in spans)]
    return replace(recording, parts=tuple(kept))


def muted(stretch: Stretch, silent: Iterable[Span]) -> Stretch:
    samples = stretch.samples
    for span in silent:
        start = max(0, span.start_unix_ms - stretch.start_unix_ms) * RATE_HZ // 1000
        end = max(0, span.end_unix_ms - stretch.start_unix_ms) * RATE_HZ // 1000
        if start < min(end, len(samples)):
            samples = samples.copy()
            samples[start:end] = 0
    return replace(stretch, samples=samples)


def _holds(span: Span, part: RecordingPart) -> bool:
    end_ms = part.started_at_unix_ms + part.duration_ms
    return span.start_unix_ms <= part.started_at_unix_ms and end_ms <= span.end_unix_ms
