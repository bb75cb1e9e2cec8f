"""The programme with its captions drawn into the picture, for players and platforms that show none.

Stored as it was recorded, as segments behind a header with a playlist: no length of class is ever held in memory.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from agents.media.geometry import Rect
from agents.media.picture import bars
from orchestrator.core.hls.programme import PLAYLIST, key_of
from orchestrator.core.hls.runs import Run, playlist_of, runs
from pipelines.film.cues import Captions
from pipelines.film.film import Film
from pipelines.film.press import X264, Shown
from pipelines.kind import Made, Recipe, Task, Unmakeable, as_json
from pipelines.text import reading
from schema.jobs import JobRecording
from schema.recordings import SubtitledFilm, TranscriptSegment

RECIPE = Recipe("captions drawn into the programme", parameters={"encoder": "libx264", **X264})
NONE = "There is no recording of the programme in MP4 that captions could be drawn into."
BROKEN = "Nothing of the programme's recording can be read: its segments are broken or gone."


class Reel(NamedTuple):
    """What one recorder wrote, and where it begins on the replay's clock."""

    recording: JobRecording
    run: Run
    begins_ms: float


def make(task: Task) -> Made:
    """A film for each run of a recorder, as they are downloaded without captions. Raises Unmakeable."""
    spoken, reels = reading.transcript(task), list(_reels(task))
    if not reels:
        raise Unmakeable(NONE)
    progress = Progress(task, sum(len(reel.run.segments) for reel in reels))
    made = [
        _film(task, reel, number, spoken, progress) for number, reel in enumerate(reels, start=1)
    ]
    films = [film for film in made if film is not None]
    if not films:
        raise Unmakeable(BROKEN)
    return as_json(films, RECIPE)


class Progress:
    """Told once a percent."""

    def __init__(self, task: Task, steps: int) -> None:
        self._task = task
        self._steps = steps
        self._done = self._told = 0

    def step(self) -> None:
        self._done += 1
        percent = self._done * 100 // self._steps
        if percent > self._told:
            self._told = percent
            self._task.progress(percent)


def _reels(task: Task) -> Iterator[Reel]:
    for recording in task.source.recordings:
        if recording.kind == "programme" and recording.key.endswith(f"/{PLAYLIST}"):
            playlist = task.read(recording.key) or b""
            for run in runs(playlist.decode()):
                yield Reel(recording, run, _begins_ms(task, recording, run))


def _begins_ms(task: Task, recording: JobRecording, run: Run) -> float:
    unix_ms = run.started_at.timestamp() * 1000 if run.started_at else recording.started_at_unix_ms
    return unix_ms - task.source.origin_unix_ms


def _film(
    task: Task, reel: Reel, number: int, spoken: list[TranscriptSegment], progress: Progress
) -> SubtitledFilm | None:
    folder = reel.recording.key.rpartition("/")[0]
    film = Film(
        task.read(key_of(folder, reel.run.header)) or b"",
        lambda name, content: task.keep(f"{number}/{name}", content),
        lambda area: _captions(spoken, area, reel.begins_ms),
    )
    for name, length_ms in reel.run.segments.items():
        film.add(task.read(key_of(folder, name)), length_ms)
        progress.step()
    run = film.close()
    if run is None:
        return None
    suffix = f"{number}/{PLAYLIST}"
    task.keep(suffix, playlist_of(run).encode())
    return SubtitledFilm(
        recording_id=reel.recording.id,
        suffix=suffix,
        duration_ms=sum(run.segments.values()),
        missing=film.missing,
    )


def _captions(spoken: list[TranscriptSegment], area: Rect, begins_ms: float) -> Shown:
    captions = Captions(spoken, partial(bars.caption_lines, area))
    return lambda at_s: captions.at(begins_ms + at_s * 1000)
