"""What a class showed, as numbers; `summarise` makes those of one programme as somebody received it."""

from math import inf

import msgspec

from orchestrator.cli.probe.media import Programme, gaps
from orchestrator.cli.probe.sync import PERIOD_S, Sync, pair


class Output(msgspec.Struct, frozen=True):
    """One programme as somebody received it; `marks_sent` is how many of the marks it lived through."""

    codec: str
    width: int
    height: int
    frames: int
    fps: float
    duration_s: float
    gop_s: tuple[float, float]
    frame_gaps: int
    sound_gaps: int
    decode_errors: int
    offset_ms: float
    most_offset_ms: float
    worst_offset_ms: float
    marks_seen: int
    marks_sent: int


class Destination(msgspec.Struct, frozen=True):
    """`statuses` in the order in which they were seen, each once in a row; `connections` counts files received."""

    name: str
    statuses: list[str]
    attempt: int
    live_after_s: float | None = None
    connections: int = 0
    output: Output | None = None


class Captions(msgspec.Struct, frozen=True):
    """`legacy_agrees` when the older packets said the same finals as the text streams."""

    first_s: float
    wer_teacher: float
    wer_student: float
    legacy_agrees: bool


class Replay(msgspec.Struct, frozen=True):
    complete_after_s: float
    state: str
    artifacts: dict[str, str]
    wer: float
    drift_ms: float
    chapters: int
    speaker_recordings: int
    output: Output


class Log(msgspec.Struct, frozen=True):
    """`drift` names what differs between the fold of the log and the projections; `feed_gaps` counts missed live events."""

    events: int
    contiguous: bool
    feed_gaps: int
    drift: list[str]


class Facts(msgspec.Struct, frozen=True):
    setup_s: float
    receiver: str
    lesson_s: float
    joins_s: dict[str, float]
    captions: Captions
    live: list[Destination]
    refused: Destination
    replay: Replay
    log: Log


def summarise(programme: Programme, sync: Sync, lesson_s: float) -> Output:
    video = programme.video
    gop = video.gop_s or [inf]
    seen, sent = marks(programme, sync, lesson_s)
    return Output(
        codec=f"{video.codec}/{programme.audio.codec}",
        width=video.width,
        height=video.height,
        frames=len(video.times_s),
        fps=video.fps,
        duration_s=programme.duration_s,
        gop_s=(min(gop), max(gop)),
        frame_gaps=len(gaps(video.times_s)),
        sound_gaps=len(programme.audio.gaps_s),
        decode_errors=programme.errors,
        offset_ms=sync.typical_ms if sync.offsets_ms else inf,
        most_offset_ms=sync.most_ms,
        worst_offset_ms=sync.worst_ms,
        marks_seen=seen,
        marks_sent=sent,
    )


def marks(programme: Programme, sync: Sync, lesson_s: float) -> tuple[int, int]:
    """How many flashes with their beep were seen from the programme's first second on, and how many had been sent."""
    begin = float(programme.video.times_s[0]) + 1.0
    whole = [flash for flash in sync.flashes_s if flash >= begin and pair([flash], sync.beeps_s)]
    if not whole:
        return 0, 1
    return len(whole), min(int((whole[-1] - begin) // PERIOD_S), int(lesson_s // PERIOD_S)) + 1
