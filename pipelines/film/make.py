"""The programme with its captions drawn into the picture, for players and platforms that show none.

Stored as it was recorded, as segments behind a header with a playlist: no length of class is ever held in memory.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from agents.media.geometry import Rect
from agents.media.picture import bars
from orchestrator.core.hls.film import Film as Recorded
from orchestrator.core.hls.film import films
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
NONE = "There is no recording of the programme that captions could be drawn into."
BROKEN = "Nothing of the programme's recording can be read: its segments are broken or gone."


class Reel(NamedTuple):
    """What becomes one film, and where it begins on the replay's clock."""

    recording: JobRecording
    recorded: Recorded
    begins_ms: float


def make(task: Task) -> Made:
    """The same films that the programme is downloaded as without captions, MPEG-TS too. Raises Unmakeable."""
    spoken, recorded = reading.transcript(task), _recorded(task)
    if not recorded:
        raise Unmakeable(NONE)
    reels = [reel for recording, found in recorded for reel in _reels(task, recording, found)]
    progress = Progress(task, sum(1 for reel in reels for _ in reel.recorded.segments()))
    made = [
        _film(task, reel, number, spoken, progress) for number, reel in enumerate(reels, start=1)
    ]
    readable = [film for film in made if film is not None]
    if not readable:
        raise Unmakeable(BROKEN)
    return as_json(readable, RECIPE)


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


def _recorded(task: Task) -> list[tuple[JobRecording, list[Run]]]:
    playlists = [
        (one, runs((task.read(one.key) or b"").decode()))
        for one in task.source.recordings
        if one.kind == "programme" and one.key.endswith(f"/{PLAYLIST}")
    ]
    return [(one, found) for one, found in playlists if found]


def _reels(task: Task, recording: JobRecording, found: list[Run]) -> Iterator[Reel]:
    for one in films(found, _headers(task, recording, found)):
        yield Reel(recording, one, _begins_ms(task, recording, one.runs[0]))


def _headers(task: Task, recording: JobRecording, found: list[Run]) -> dict[str, bytes]:
    """Those that are there, by name; MPEG-TS needs none."""
    folder, headers = recording.key.rpartition("/")[0], {"": b""}
    for name in {run.header for run in found if run.header}:
        if (header := task.read(key_of(folder, name))) is not None:
            headers[name] = header
    return headers


def _begins_ms(task: Task, recording: JobRecording, run: Run) -> float:
    unix_ms = run.started_at.timestamp() * 1000 if run.started_at else recording.started_at_unix_ms
    return unix_ms - task.source.origin_unix_ms


def _film(
    task: Task, reel: Reel, number: int, spoken: list[TranscriptSegment], progress: Progress
) -> SubtitledFilm | None:
    folder = reel.recording.key.rpartition("/")[0]
    film = Film(
        reel.recorded.header,
        lambda name, content: task.keep(f"{number}/{name}", content),
        lambda area: _captions(spoken, area, reel.begins_ms),
    )
    for run in reel.recorded.runs:
        film.begin(reel.recorded.begin_ms(run) if run.header else None)
        for name, length_ms in run.segments.items():
            film.add(task.read(key_of(folder, name)), length_ms)
            progress.step()
    whole = film.close()
    if whole is None:
        return None
    suffix = f"{number}/{PLAYLIST}"
    task.keep(suffix, playlist_of(whole).encode())
    return SubtitledFilm(
        recording_id=reel.recording.id,
        suffix=suffix,
        duration_ms=sum(whole.segments.values()),
        missing=film.missing,
    )


def _captions(spoken: list[TranscriptSegment], area: Rect, begins_ms: float) -> Shown:
    captions = Captions(spoken, partial(bars.caption_lines, area))
    return lambda at_s: captions.at(begins_ms + at_s * 1000)
